with given as (
    select
        coalesce(model, 'own_' || cast(valid_from as varchar)) as model,
        valid_from,
        valid_to,
        la_code,
        neighbour_rank,
        neighbour_code
    from {{ source('local', 'reference_neighbours') }}
),

shipped as (
    select
        model,
        valid_from,
        valid_to,
        la_code,
        neighbour_rank,
        neighbour_code
    from {{ ref('shipped_neighbour_list') }}
),

final as (
    {{ own_before_shipped('given', 'shipped', ['la_code', 'valid_from']) }}
)

select *
from final
