with actions as (
    select
        *,
        -- open in the snapshot before, open in this one and told by when
        previous_extract_month is not null
        and change is distinct from 'new'
        and previous_brag_code is distinct from 'blue' as was_open,
        is_listed and brag_code is distinct from 'blue' and due_text is not null as is_due
    from this_partition
)

select
    case
        when count(*) filter (where was_open) >= 10
            then 100.0 * count(*) filter (where was_open and change = 'gone') / count(*) filter (where was_open)
    end as open_actions_gone_percent,
    count(*) filter (where was_open and change = 'gone') || ' of ' || count(*) filter (where was_open)
    || ' open actions' as open_actions_gone_percent_detail,
    case
        when count(*) filter (where is_due) >= 10
            then
                100.0 * count(*) filter (where is_due and due_reading in ('no_date', 'impossible'))
                / count(*) filter (where is_due)
    end as due_days_not_read_percent,
    count(*) filter (where is_due and due_reading in ('no_date', 'impossible')) || ' of '
    || count(*) filter (where is_due) || ' open actions' as due_days_not_read_percent_detail
from actions
