-- The authority's figures as reported, of this month and the last, and whether they are shown.
select
    present.status as status_now,
    past.status as status_then,
    present.indicator_id as finding
from marts.mart_indicator_monthly as present
inner join marts.mart_indicator_monthly as past
    on
        present.indicator_id = past.indicator_id
        and present.la_code = past.la_code
        and present.area_type = past.area_type
        and present.basis = past.basis
where
    present.la_code = '{la_code}'
    and present.area_type = 'authority'
    and present.basis = 'as_reported'
    and present.month = date '{extract_month}'
    and past.month = date '{last_month_end}'
