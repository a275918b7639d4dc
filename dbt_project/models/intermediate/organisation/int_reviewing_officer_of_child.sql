{{ effective_spells(ref('int_reviewing_officer_involvement'), ['worker_id']) }}
