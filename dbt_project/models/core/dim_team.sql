select
    la_code,
    team_id,
    team_name,
    locality_name,
    extract_month
from {{ ref('int_team') }}
