{{ config(
    materialized='incremental',
    incremental_strategy='replace_extract',
    on_schema_change='append_new_columns',
    full_refresh=false,
    contract={'enforced': true},
    post_hook=[
        "
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
        ",
        "
            update {{ this }}
            set
                unit_type = register.unit_type,
                unit_id = coalesce(event_id, child_id),
                numerator_value = case when is_in_numerator then 1 else 0 end,
                denominator_value = case when register.unit not in ('number', 'rate_per_10000') then 1 end
            from {{ ref('indicator_register') }} as register
            where
                {{ this.identifier }}.indicator_id = register.indicator_id
                and {{ this.identifier }}.unit_id is null
        ",
    ]
) }}

-- Rows with month = extract_month are kept permanently, those of restated months for the newest extract only.
-- Rows of versions that had neither units nor values get those that every row then had.
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
    actual_date,
    unit_type,
    unit_id,
    numerator_value,
    denominator_value
from {{ ref('ind_child_row') }}
