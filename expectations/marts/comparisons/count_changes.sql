-- Counts of this month and the last that have too little history for figure_distances. Overdue reviews
-- (cla_reviews_overdue) can pile up in a month, so the limit for events applies to them.
select
    case
        when register.period = 'month_end' and register.indicator_id <> 'cla_reviews_overdue' then 'month_end'
        else 'events'
    end as kind,
    present.numerator as count_now,
    past.numerator as count_then,
    present.indicator_id || format(' {:.15g} after {:.15g}', present.numerator, past.numerator) as finding
from compared.figure_history as present
inner join seeds.indicator_register as register
    on
        present.indicator_id = register.indicator_id
        and register.unit = 'number'
inner join compared.figure_history as past
    on
        present.indicator_id = past.indicator_id
        and past.month = date '{last_month_end}'
where
    present.month = date '{extract_month}'
    and present.indicator_id not in (select indicator_id from compared.figure_distances)
