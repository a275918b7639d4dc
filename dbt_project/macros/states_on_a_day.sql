{# Adds to the rows of a CTE the team, locality and case worker of the child on a day: those of the latest 'CW'
   involvement open on that day. 'Not allocated' where there is none or its team is not known. #}
{% macro with_team_on(cohort, day) -%}
    select
        cohort.*,
        coalesce(allocations.team_name, 'Not allocated') as team_name,
        coalesce(allocations.locality_name, 'Not allocated') as locality_name,
        allocations.worker_id as case_worker_id
    from {{ cohort }} as cohort
    left join {{ ref('int_team_of_child') }} as allocations
        on
            cohort.la_code = allocations.la_code
            and cohort.extract_month = allocations.extract_month
            and cohort.child_id = allocations.child_id
            and {{ is_within('allocations.valid_from', 'allocations.valid_to', 'cohort.' ~ day) }}
{%- endmacro %}


{# Adds to the rows of a CTE the effective legal status of the child on a day. Without one the code is null and the
   day is not a short break. #}
{% macro with_legal_status_on(cohort, day) -%}
    select
        cohort.*,
        legal_statuses.legal_status_code,
        coalesce(legal_statuses.is_short_break, false) as is_short_break
    from {{ cohort }} as cohort
    left join {{ ref('int_effective_legal_status') }} as legal_statuses
        on
            cohort.la_code = legal_statuses.la_code
            and cohort.extract_month = legal_statuses.extract_month
            and cohort.child_id = legal_statuses.child_id
            and {{ is_within('legal_statuses.valid_from', 'legal_statuses.valid_to', 'cohort.' ~ day) }}
{%- endmacro %}


{# Adds to the rows of a CTE the team and locality of the `team_id` on the record. #}
{% macro with_team_of_record(cohort) -%}
    select
        cohort.*,
        coalesce(teams.team_name, 'Not allocated') as team_name,
        coalesce(teams.locality_name, 'Not allocated') as locality_name
    from {{ cohort }} as cohort
    left join {{ ref('int_team') }} as teams
        on
            cohort.la_code = teams.la_code
            and cohort.extract_month = teams.extract_month
            and cohort.team_id = teams.team_id
{%- endmacro %}


{# Adds to the rows of a CTE the team and locality of the `team_id` in a list that the authority keeps: the id of a team,
   or else its name in any spelling (of two teams whose names differ in spelling only, the one with the first id). #}
{% macro with_team_of_list(cohort) -%}
    select
        cohort.*,
        coalesce(teams.team_name, named_teams.team_name, 'Not allocated') as team_name,
        coalesce(teams.locality_name, named_teams.locality_name, 'Not allocated') as locality_name
    from {{ cohort }} as cohort
    left join {{ ref('int_team') }} as teams
        on
            cohort.la_code = teams.la_code
            and cohort.extract_month = teams.extract_month
            and cohort.team_id = teams.team_id
    left join (
        select
            la_code,
            extract_month,
            {{ letters_and_digits('team_name') }} as team_words,
            min(team_id) as team_id
        from {{ ref('int_team') }}
        group by la_code, extract_month, {{ letters_and_digits('team_name') }}
    ) as names
        on
            cohort.la_code = names.la_code
            and cohort.extract_month = names.extract_month
            and {{ letters_and_digits('cohort.team_id') }} = names.team_words
    left join {{ ref('int_team') }} as named_teams
        on
            names.la_code = named_teams.la_code
            and names.extract_month = named_teams.extract_month
            and names.team_id = named_teams.team_id
{%- endmacro %}


{# Adds to the rows of a CTE the placement of the child that counts on a day: while a child is away for a time, the
   placement that the absence interrupts (`int_placement_of_child`). All columns are null where none is open. #}
{% macro with_placement_on(cohort, day) -%}
    select
        cohort.*,
        placements.placement_id,
        placements.placement_type_code,
        placements.placement_group,
        placements.provider_code,
        placements.distance_miles,
        placements.placement_la_code,
        placements.location
    from {{ cohort }} as cohort
    left join {{ ref('int_placement_of_child') }} as placements
        on
            cohort.la_code = placements.la_code
            and cohort.extract_month = placements.extract_month
            and cohort.child_id = placements.child_id
            and {{ is_within('placements.valid_from', 'placements.valid_to', 'cohort.' ~ day) }}
{%- endmacro %}
