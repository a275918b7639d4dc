with temporary as (
    select *
    from ssd_cla_placement
    where is_temporary(clap_cla_placement_type)
),

-- the placement before the temporary one, and the placement that followed on the day it ended
moves as (
    select
        temporary.clap_cla_placement_id,
        temporary.clap_person_id,
        coalesce(bool_or(befores.clap_cla_placement_type = afters.clap_cla_placement_type), false) as went_back
    from temporary
    inner join ssd_cla_placement as befores
        on
            temporary.clap_person_id = befores.clap_person_id
            and temporary.clap_cla_placement_id <> befores.clap_cla_placement_id
            and temporary.clap_cla_placement_start_date = befores.clap_cla_placement_end_date
    inner join ssd_cla_placement as afters
        on
            temporary.clap_person_id = afters.clap_person_id
            and temporary.clap_cla_placement_id <> afters.clap_cla_placement_id
            and temporary.clap_cla_placement_end_date = afters.clap_cla_placement_start_date
    group by temporary.clap_cla_placement_id, temporary.clap_person_id
)

select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from moves
where not went_back
