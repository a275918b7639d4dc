with source as (
    select *
    from {{ source('comparators', 'comparator_value') }}
),

renamed as (
    select
        publisher,
        release,
        file as source_file,
        row_number,
        source_kind,
        measure,
        dimensions,
        geography_level,
        geography_code,
        geography_name,
        period,
        period_kind,
        period_end,
        raw_token,
        value,
        status,
        published_date
    from source
)

select *
from renamed
