select
    statuses.lega_legal_status_id as record_key,
    statuses.lega_person_id as child_id
from legal_status_spell as statuses
cross join this_drop
where
    date_diff(
        'day',
        statuses.lega_legal_status_start_date,
        -- an open status includes the month end
        coalesce(statuses.lega_legal_status_end_date, this_drop.month_end + 1)
    ) > case statuses.legal_status_code when 'L1' then 3 when 'L2' then 21 when 'L3' then 7 end
