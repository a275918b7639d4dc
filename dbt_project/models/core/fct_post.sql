with posts as (
    select *
    from {{ ref('stg_local__workforce_post') }}
),

posts_by_team as (
    {{ with_team_of_list('posts') }}
),

final as (
    select
        post_id,
        la_code,
        role_text as role,
        fte,
        filled_by_text as filled_by,
        worker_id,
        qualified_date,
        began_role_date,
        start_date,
        end_date,
        leaving_reason_text as leaving_reason,
        {{ experience_band('qualified_date', 'extract_month') }} as experience_band,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        {{ id_order('post_id') }} as id_sort_key,
        team_name,
        locality_name,
        extract_month
    from posts_by_team
)

select *
from final
