{% set post = {
    'unit_id': "concat_ws('/', post_id, start_date)",
    'numerator_value': 'fte',
} %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

-- reviewing officers work for the whole authority
posts as (
    select
        la_code,
        extract_month,
        cast(null as varchar) as child_id,
        post_id,
        id_sort_key,
        role,
        fte,
        filled_by,
        worker_id,
        qualified_date,
        began_role_date,
        start_date,
        end_date,
        leaving_reason,
        'Not allocated' as team_name,
        'Not allocated' as locality_name
    from {{ ref('fct_post') }}
    where role in ('iro', 'foster_iro')
),

filled_posts as (
    select *
    from posts
    where fte > 0 and filled_by in ('permanent', 'agency')
),

permanent_posts as (
    select *
    from posts
    where filled_by = 'permanent' and worker_id is not null
),

-- days on which the worker of a permanent post holds a post of this kind
days_in_post as (
    select distinct
        permanent_posts.la_code,
        permanent_posts.extract_month,
        permanent_posts.worker_id,
        permanent_posts.end_date
    from permanent_posts
    inner join posts
        on
            permanent_posts.la_code = posts.la_code
            and permanent_posts.extract_month = posts.extract_month
            and permanent_posts.worker_id = posts.worker_id
            and {{ is_open_on('posts.start_date', 'posts.end_date', 'permanent_posts.end_date') }}
),

-- rows of permanent posts after which the worker holds no other post of this kind
left_for_good as (
    select permanent_posts.*
    from permanent_posts
    left join days_in_post
        on
            permanent_posts.la_code = days_in_post.la_code
            and permanent_posts.extract_month = days_in_post.extract_month
            and permanent_posts.worker_id = days_in_post.worker_id
            and permanent_posts.end_date = days_in_post.end_date
    where days_in_post.worker_id is null
),

open_posts as (
    {{ in_each_month(
        'filled_posts', is_open_on('filled_posts.start_date', 'filled_posts.end_date', 'months.month')
    ) }}
),

officers as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, month, worker_id
            order by start_date desc, id_sort_key desc
        ) as precedence
    from open_posts
    where worker_id is not null
),

leavers_of_year as (
    {{ in_each_month(
        'left_for_good', 'left_for_good.end_date between months.financial_year_start and months.month'
    ) }}
),

leavers as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, month, worker_id, end_date
            order by start_date desc, id_sort_key desc
        ) as precedence
    from leavers_of_year
),

final as (
    {{ child_rows(
        'open_posts', 'iro_fte',
        actual_date='start_date',
        codes={'role': 'role', 'filled_by': 'filled_by'},
        **post
    ) }}
    union all
    {{ child_rows(
        'open_posts', 'iro_agency_rate',
        is_in_numerator="filled_by = 'agency'",
        reason="'Permanent'",
        denominator_value='fte',
        actual_date='start_date',
        codes={'role': 'role'},
        **post
    ) }}
    union all
    {{ child_rows(
        'officers', 'iros_in_post',
        unit_id='worker_id',
        actual_date='start_date',
        codes={
            'role': 'role',
            'filled_by': 'filled_by',
            'qualified_year': known_year('qualified_date', 'month'),
            'began_year': known_year('began_role_date', 'month'),
        },
        where='precedence = 1'
    ) }}
    union all
    {{ child_rows(
        'leavers', 'iro_leavers',
        unit_id="concat_ws('/', worker_id, end_date)",
        actual_date='end_date',
        row_day='end_date',
        codes={'leaving_reason': 'leaving_reason'},
        where='precedence = 1'
    ) }}
)

select *
from final
