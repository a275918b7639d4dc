{{ config(materialized='table') }}

select
    code_set,
    code,
    label
from {{ ref('stg_reference__code') }}
