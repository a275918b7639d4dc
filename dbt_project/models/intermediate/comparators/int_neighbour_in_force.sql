with authorities as (
    select *
    from {{ ref('stg_lcs__authority') }}
),

-- a list that a file tells is in force from the day it was published; of one without that day it is not known
published_lists as (
    select
        neighbours.release as model,
        releases.published_date as valid_from,
        cast(null as date) as valid_to,
        neighbours.la_code,
        neighbours.neighbour_rank,
        neighbours.neighbour_code,
        1 as source_rank
    from {{ ref('stg_comparators__neighbour') }} as neighbours
    inner join {{ ref('stg_comparators__release') }} as releases
        on
            neighbours.publisher = releases.publisher
            and neighbours.release = releases.release
    where releases.published_date is not null
),

shipped_lists as (
    select
        model,
        valid_from,
        valid_to,
        la_code,
        neighbour_rank,
        neighbour_code,
        0 as source_rank
    from {{ ref('neighbour_list') }}
),

lists as (
    select * from shipped_lists
    union all
    select * from published_lists
),

periods as (
    select distinct period_end
    from {{ ref('int_comparator_figure') }}
),

-- the newest list that was in force on the last day of the year
candidates as (
    select
        lists.*,
        periods.period_end,
        dense_rank() over (
            partition by lists.la_code, periods.period_end
            order by lists.valid_from desc, lists.source_rank asc, lists.model asc
        ) as precedence
    from lists
    inner join authorities
        on lists.la_code = authorities.la_code
    inner join periods
        on
            lists.valid_from <= periods.period_end
            and (lists.valid_to is null or lists.valid_to >= periods.period_end)
),

changes as (
    select
        old_la_code as la_code,
        min(change_date) as ended_on
    from {{ ref('authority_change') }}
    where old_la_code <> new_la_code
    group by old_la_code
),

final as (
    select
        candidates.la_code,
        candidates.period_end,
        candidates.model,
        candidates.neighbour_rank,
        candidates.neighbour_code,
        changes.ended_on is not null and changes.ended_on <= candidates.period_end as is_ended
    from candidates
    left join changes
        on candidates.neighbour_code = changes.la_code
    where candidates.precedence = 1
)

select *
from final
