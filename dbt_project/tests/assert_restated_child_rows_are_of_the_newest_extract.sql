-- Fails with every extract that still holds restated child rows although a newer one of the authority is there.
with extracts as (
    select
        la_code,
        extract_month,
        max(extract_month) over (partition by la_code) as newest_extract_month,
        month
    from {{ ref('fct_indicator_child') }}
)

select distinct
    la_code,
    extract_month
from extracts
where
    month <> extract_month
    and extract_month <> newest_extract_month
