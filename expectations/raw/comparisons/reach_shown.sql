-- Objects that seem to be cut, or may be, and of which the authority says nothing.
select
    title || case
        when basis = 'in doubt' then ': may lack what is older'
        when not is_every_event then ': seems to hold the latest events only'
        when complete_from > extract_month then ': seems to lack what began before its first day, even if it is open'
        else ': seems to begin on ' || strftime(complete_from, '%Y-%m-%d')
    end as finding
from raw.drop_reach
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and basis in ('seen', 'in doubt')
