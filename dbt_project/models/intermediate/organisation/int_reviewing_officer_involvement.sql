with involvements as (
    select
        *,
        {{ id_order('involvement_id') }} as id_sort_key
    from {{ ref('stg_lcs__involvement') }}
),

final as (
    select
        la_code,
        extract_month,
        child_id,
        start_date,
        end_date,
        id_sort_key,
        worker_id
    from involvements
    where role_code = 'IRO'
)

select *
from final
