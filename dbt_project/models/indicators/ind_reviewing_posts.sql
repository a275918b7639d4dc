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

-- rows of permanent posts after which the worker holds no other post of this kind
left_for_good as (
    select posts.*
    from posts
    left join posts as others
        on
            posts.la_code = others.la_code
            and posts.extract_month = others.extract_month
            and posts.worker_id = others.worker_id
            and {{ is_open_on('others.start_date', 'others.end_date', 'posts.end_date') }}
    where
        posts.filled_by = 'permanent'
        and posts.worker_id is not null
        and others.worker_id is null
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
