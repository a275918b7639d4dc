-- The reviewing officers of children at the month end whose share of a full post is not known.
select
    count(distinct involvements.invo_professional_id)
    || if(
        count(distinct involvements.invo_professional_id) = 1,
        ' officer with children, who counts as 1',
        ' officers with children, who count as 1 each'
    ) as finding
from raw.ssd_involvements as involvements
left join raw.ssd_professionals as workers
    on
        workers.la_code = '{la_code}'
        and workers.extract_month = date '{extract_month}'
        and involvements.invo_professional_id = workers.prof_professional_id
        and workers.prof_full_time_equivalency > 0
where
    involvements.la_code = '{la_code}'
    and involvements.extract_month = date '{extract_month}'
    and involvements.invo_professional_role_id = 'IRO'
    and involvements.invo_professional_id is not null
    and involvements.invo_involvement_start_date <= date '{extract_month}'
    and coalesce(involvements.invo_involvement_end_date > date '{extract_month}', true)
    and workers.prof_professional_id is null
having count(*) > 0
