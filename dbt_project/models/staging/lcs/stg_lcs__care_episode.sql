with source as (
    {{ rows_of_this_extract('ssd_cla_episodes') }}
),

renamed as (
    select
        la_code,
        extract_month,
        clae_cla_episode_id as episode_id,
        clae_person_id as child_id,
        clae_cla_episode_start_date as start_date,
        clae_cla_episode_start_reason as start_reason_code,
        clae_cla_primary_need_code as primary_need_code,
        clae_cla_episode_ceased_date as ceased_date,
        clae_cla_episode_ceased_reason as ceased_reason_code,
        clae_cla_id as period_of_care_id,
        clae_referral_id as referral_id,
        clae_cla_placement_id as placement_id,
        clae_entered_care_date as entered_care_date,
        clae_cla_last_iro_contact_date as last_iro_contact_date
    from source
)

select *
from renamed
