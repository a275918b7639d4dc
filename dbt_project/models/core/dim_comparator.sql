{{ config(materialized='table') }}

with areas as (
    select *
    from {{ ref('comparator_geography') }}
),

authorities as (
    select
        authorities.la_code,
        areas.region_code
    from {{ ref('stg_ingest__authority') }} as authorities
    inner join areas
        on
            areas.geography_level = 'local_authority'
            and authorities.la_code = areas.geography_code
),

-- which areas an authority is compared with; a region is London, never Inner or Outer London
final as (
    select
        authorities.la_code,
        areas.geography_level,
        areas.geography_code,
        case areas.geography_level
            when 'national' then 'england'
            when 'regional' then 'region'
            else 'own_published'
        end as comparator,
        areas.geography_name as comparator_name
    from authorities
    inner join areas
        on
            areas.geography_level = 'national'
            or (areas.geography_level = 'regional' and authorities.region_code = areas.geography_code)
            or (areas.geography_level = 'local_authority' and authorities.la_code = areas.geography_code)
    union all
    select
        la_code,
        'statistical_neighbours' as geography_level,
        la_code as geography_code,
        'statistical_neighbours' as comparator,
        'Statistical neighbours' as comparator_name
    from authorities
)

select *
from final
