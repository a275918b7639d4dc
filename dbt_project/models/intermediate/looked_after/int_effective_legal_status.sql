{{ effective_spells(ref('int_looked_after_legal_status'), ['legal_status_code', 'is_short_break']) }}
