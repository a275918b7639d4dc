with care_leavers as (
    select
        *,
        {{ id_order('care_leaver_id') }} as id_sort_key,
        {{ letters_and_digits('eligibility_text') }} as match_text
    from {{ ref('stg_lcs__care_leaver') }}
),

people as (
    select *
    from {{ ref('stg_lcs__person') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, child_id
            order by id_sort_key desc
        ) as precedence
    from care_leavers
),

-- if a person has two rows, the row with the highest id counts, before any other rule
newest as (
    select *
    from ranked
    where precedence = 1
),

newest_by_team as (
    {{ with_team_of_record('newest') }}
),

final as (
    select
        newest.la_code,
        newest.extract_month,
        newest.child_id,
        newest.care_leaver_id,
        people.date_of_birth,
        case newest.match_text
            when 'eligible' then 'Eligible'
            when 'relevant' then 'Relevant'
            when 'formerrelevant' then 'Former Relevant'
            when 'qualifying' then 'Qualifying'
            else newest.eligibility_text
        end as eligibility,
        newest.in_touch_code,
        newest.latest_contact_date,
        newest.accommodation_code,
        left(newest.accommodation_code, 1) as accommodation_letter,
        newest.accommodation_suitable_code,
        newest.activity_code,
        case
            when newest.activity_code like 'F%' or newest.activity_code like 'P%' then 'EET'
            when newest.activity_code like 'G%' then 'NEET'
            else 'not_known'
        end as eet_status,
        newest.pathway_plan_review_date,
        newest.personal_adviser_id,
        newest.worker_id,
        newest.team_name,
        newest.locality_name
    from newest_by_team as newest
    left join people
        on
            newest.la_code = people.la_code
            and newest.extract_month = people.extract_month
            and newest.child_id = people.child_id
)

select *
from final
