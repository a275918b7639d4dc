with supported as (
    select involvements.invo_person_id
    from ssd_involvements as involvements
    cross join this_drop
    where
        involvements.invo_professional_role_id = '16PLUS'
        and is_open_on(
            involvements.invo_involvement_start_date, involvements.invo_involvement_end_date, this_drop.month_end
        )
)

select
    clea_table_id as record_key,
    clea_person_id as child_id
from care_leaver_with_age
where
    clea_care_leaver_eligibility in ('Eligible', 'Relevant', 'Former Relevant', 'Qualifying')
    and age > 25
    and clea_person_id not in (select invo_person_id from supported)
