{% set records = [
    ('ssd_person', 'stg_lcs__person'),
    ('ssd_disability', 'stg_lcs__disability'),
    ('ssd_immigration_status', 'stg_lcs__immigration_status'),
    ('ssd_contacts', 'stg_lcs__contact'),
    ('ssd_cin_episodes', 'stg_lcs__referral'),
    ('ssd_cin_assessments', 'stg_lcs__assessment'),
    ('ssd_cin_plans', 'stg_lcs__cin_plan'),
    ('ssd_cin_visits', 'stg_lcs__cin_visit'),
    ('ssd_s47_enquiry', 'stg_lcs__section_47'),
    ('ssd_initial_cp_conference', 'stg_lcs__initial_cp_conference'),
    ('ssd_cp_plans', 'stg_lcs__cp_plan'),
    ('ssd_cp_reviews', 'stg_lcs__cp_review'),
    ('ssd_cp_visits', 'stg_lcs__cp_visit'),
    ('ssd_legal_status', 'stg_lcs__legal_status'),
    ('ssd_cla_episodes', 'stg_lcs__care_episode'),
    ('ssd_cla_placement', 'stg_lcs__placement'),
    ('ssd_cla_reviews', 'int_cla_review'),
    ('ssd_cla_visits', 'stg_lcs__cla_visit'),
    ('ssd_cla_care_plan', 'stg_lcs__care_plan'),
    ('ssd_cla_health', 'stg_lcs__health_check'),
    ('ssd_cla_immunisations', 'stg_lcs__immunisation'),
    ('ssd_sdq_scores', 'stg_lcs__sdq_score'),
    ('ssd_missing', 'stg_lcs__missing_episode'),
    ('ssd_care_leavers', 'stg_lcs__care_leaver'),
    ('ssd_permanence', 'stg_lcs__permanence'),
    ('ssd_pre_proceedings', 'stg_lcs__pre_proceedings'),
    ('ssd_involvements', 'stg_lcs__involvement'),
    ('local_pep', 'stg_local__pep'),
    ('local_permanence_tracker', 'stg_local__permanence_tracker'),
    ('local_private_fostering', 'stg_local__private_fostering'),
    ('local_iro_contact', 'stg_local__iro_contact'),
    ('local_iro_challenge', 'stg_local__iro_challenge'),
    ('local_conference_child', 'stg_local__conference_child'),
] %}

with records as (
    {% for object, relation in records %}
    select
        la_code,
        extract_month,
        '{{ object }}' as object,
        child_id,
        count(*) as record_count
    from {{ ref(relation) }}
    group by la_code, extract_month, child_id
    {{ "union all" if not loop.last }}
    {% endfor %}
),

records_by_team as (
    {{ with_team_on('records', 'extract_month') }}
),

final as (
    select
        la_code,
        object,
        team_name,
        locality_name,
        cast(sum(record_count) as bigint) as record_count,
        extract_month
    from records_by_team
    group by la_code, object, team_name, locality_name, extract_month
)

select *
from final
