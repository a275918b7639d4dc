with statuses as (
    select
        spells.lega_legal_status_id,
        spells.lega_person_id,
        spells.lega_legal_status_start_date,
        spells.lega_legal_status_end_date,
        codes.legal_status_code
    from ssd_legal_status as spells
    inner join legal_status_code as codes
        on
            regexp_replace(lower(spells.lega_legal_status), '[^a-z0-9]', '', 'g')
            = regexp_replace(lower(codes.legal_status_text), '[^a-z0-9]', '', 'g')
)

select
    statuses.lega_legal_status_id as record_key,
    statuses.lega_person_id as child_id
from statuses
cross join this_drop
where
    date_diff(
        'day',
        statuses.lega_legal_status_start_date,
        -- the month end is a day of a spell that lasts
        coalesce(statuses.lega_legal_status_end_date, this_drop.month_end + 1)
    ) > case statuses.legal_status_code when 'L1' then 3 when 'L2' then 21 when 'L3' then 7 end
