with placements as (
    select
        *,
        {{ id_order('placement_id') }} as id_sort_key
    from {{ ref('stg_lcs__placement') }}
),

types as (
    select *
    from {{ ref('code_placement_type') }}
),

final as (
    select
        placements.*,
        coalesce(types.placement_group, 'other') as placement_group,
        coalesce(types.placement_group = 'temporary', false) as is_temporary,
        coalesce(types.placement_group = 'adoptive', false) as is_adoptive
    from placements
    left join types
        on placements.placement_type_code = types.placement_type_code
)

select *
from final
