select *
from {{ ref('ind_delivery_action') }}
