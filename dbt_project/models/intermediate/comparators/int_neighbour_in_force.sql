with authorities as (
    select *
    from {{ ref('stg_ingest__authority') }}
),

-- a list from a file is in force from its day of publication; a list without that day is left out
published_neighbours as (
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

shipped_neighbours as (
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

neighbours as (
    select * from shipped_neighbours
    union all
    select * from published_neighbours
),

-- where two lists start on one day, the shipped one is used
lists as (
    select
        neighbours.la_code,
        neighbours.valid_from,
        min(neighbours.source_rank) as source_rank
    from neighbours
    inner join authorities
        on neighbours.la_code = authorities.la_code
    group by neighbours.la_code, neighbours.valid_from
),

-- a list is in force until the next one
successions as (
    select
        *,
        lead(valid_from) over (partition by la_code order by valid_from) as next_valid_from
    from lists
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
        neighbours.la_code,
        neighbours.model,
        neighbours.valid_from,
        coalesce(
            case
                when neighbours.valid_to < successions.next_valid_from then neighbours.valid_to
                else {{ day_before('successions.next_valid_from') }}
            end,
            neighbours.valid_to,
            {{ end_of_time() }}
        ) as valid_to,
        neighbours.neighbour_rank,
        neighbours.neighbour_code,
        changes.ended_on
    from neighbours
    inner join successions
        on
            neighbours.la_code = successions.la_code
            and neighbours.valid_from = successions.valid_from
            and neighbours.source_rank = successions.source_rank
    left join changes
        on neighbours.neighbour_code = changes.la_code
)

select *
from final
