{{ config(
    materialized='incremental',
    incremental_strategy='replace_extract',
    on_schema_change='append_new_columns',
    full_refresh=false,
    contract={'enforced': true},
    post_hook="
        delete from {{ this }}
        where
            month <> extract_month
            and exists (
                select newer.la_code
                from {{ this }} as newer
                where
                    newer.la_code = {{ this.identifier }}.la_code
                    and newer.extract_month > {{ this.identifier }}.extract_month
            )
    "
) }}

-- Rows with month = extract_month are kept permanently, those of restated months for the newest extract only.
select
    indicator_id,
    la_code,
    child_id,
    month,
    extract_month,
    area_name,
    locality_name,
    is_in_numerator,
    event_id,
    reason,
    due_date,
    actual_date
from {{ ref('ind_child_row') }}
