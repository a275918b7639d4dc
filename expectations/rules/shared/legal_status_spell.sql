-- Legal statuses with their codes. Of the statuses open on a day the one with the highest precedence is in force.
select
    spells.lega_legal_status_id,
    spells.lega_person_id,
    spells.lega_legal_status_start_date,
    spells.lega_legal_status_end_date,
    codes.legal_status_code,
    codes.is_looked_after,
    codes.is_short_break,
    struct_pack(
        start_date := spells.lega_legal_status_start_date, id := id_order(spells.lega_legal_status_id)
    ) as precedence
from ssd_legal_status as spells
left join legal_status_code as codes
    on letters_and_digits(spells.lega_legal_status) = letters_and_digits(codes.legal_status_text)
