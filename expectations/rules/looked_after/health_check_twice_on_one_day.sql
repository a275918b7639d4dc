with completed as (
    select
        clah_health_check_id,
        clah_person_id,
        row_number() over (
            partition by clah_person_id, clah_health_check_type, clah_health_check_date
            order by clah_health_check_id
        ) as number_of_the_day
    from ssd_cla_health
    where
        clah_health_check_status = 'Completed'
        and clah_health_check_date is not null
)

select
    clah_health_check_id as record_key,
    clah_person_id as child_id
from completed
where number_of_the_day > 1
