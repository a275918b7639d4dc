select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
inner join ssd_person as people
    on placements.clap_person_id = people.pers_person_id
where
    age_at(people.pers_dob, placements.clap_cla_placement_start_date)
    < case placements.clap_cla_placement_type
        when 'H5' then 16
        when 'K3' then 16
        when 'R5' then 10
        when 'S1' then 4
    end
