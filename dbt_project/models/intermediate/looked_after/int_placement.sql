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
        placements.* replace (placements.is_in_area = 'Y' as is_in_area),
        case placements.is_in_area
            when 'Y' then 'in_area'
            when 'N' then 'out_of_area'
            else 'not_known'
        end as location,
        coalesce(types.placement_group, 'other') as placement_group,
        coalesce(types.placement_group = 'temporary', false) as is_temporary,
        coalesce(types.placement_group = 'adoptive', false) as is_adoptive
    from placements
    left join types
        on placements.placement_type_code = types.placement_type_code
)

select *
from final
