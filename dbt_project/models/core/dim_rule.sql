{{ config(materialized='table') }}

select
    rule,
    domain,
    official_codes,
    title,
    severity,
    object,
    threatens,
    why
from {{ ref('stg_quality__rule') }}
