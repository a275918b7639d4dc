-- Question: Which agencies are invited to conferences and neither come nor send a report?
-- Reads: restricted/warehouse.duckdb, current_conference_invitation
-- Look out: invitations of the financial year up to the newest extract, as conference_agency_absent counts them. What
--   is not recorded as yes is no.
with invitations as (
    select
        *,
        coalesce(has_attended, false) as came,
        coalesce(has_sent_report, false) as sent
    from current_conference_invitation
    where
        la_code = '888'
        and is_invited
        and meeting_date <= extract_month
        and meeting_date >= make_date(cast(year(extract_month) - if(month(extract_month) < 4, 1, 0) as integer), 4, 1)
)

select
    agency_code as agency,
    count(*) as invited,
    count(*) filter (where came) as came,
    count(*) filter (where not came and sent) as sent_a_report,
    count(*) filter (where not came and not sent) as neither,
    round(100 * count(*) filter (where not came and not sent) / count(*), 1) as percent_neither
from invitations
group by agency_code
order by neither desc, agency asc;
