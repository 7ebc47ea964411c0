# SPDX-License-Identifier: Apache-2.0
#
# Judges the samples of a soak (tests/torture/sampler.h): a line for each thing
# that must not grow, `NAME ok FIGURES` or `NAME GROWS FIGURES`.
#
#     awk -v journal_kb=KB -f soak.awk samples
#
# The first quarter is the warm-up.  What is held is compared as the median of
# the second quarter with that of the last; what comes and goes with each call
# of a plugin, of which more are under way where the machine is busy, or with a
# backup, which may take a quarter of a short run, by the least of them but a
# tenth: what is left over never goes.
#
# Files may grow by data alone: what an entry of the log (for chunks: a KiB that
# was sent) took in the second half is at most a tenth more than in the second
# quarter.  `journal_kb` is store.journal: a file grows by some of that at a
# time, since pages that came free are not used again before the anchor moves
# (docs/store.md).
FNR == 1 {
	for (i = 1; i <= NF; i++) column[$i] = i
	next
}
NF == length(column) { # a line that is being written is none
	n++
	for (name in column) value[name, n] = $column[name]
}

# What `part` of the samples is below.
function quantile(name, part, from, to,   sorted, count, i, j, x) {
	for (i = from; i <= to; i++) {
		x = value[name, i] - (name == "descriptors" ? value["connections", i] : 0)
		for (j = count++; j > 0 && sorted[j] > x; j--) sorted[j + 1] = sorted[j]
		sorted[j + 1] = x
	}
	return sorted[int(count * part) + 1]
}

function tell(name, good, figures) {
	print name, (good ? "ok" : "GROWS"), figures
	bad += !good
}

function compare(name, part, parts, fixed,   second, last, bound) {
	second = quantile(name, part, quarter + 1, half)
	last = quantile(name, part, three + 1, n)
	bound = int(second * (1 + parts) + fixed)
	tell(name, last <= bound, "second quarter " second ", last " last ", at most " bound)
}

function flat(name, parts, fixed) {
	compare(name, 0.5, parts, fixed)
}

function flat_at_rest(name) {
	compare(name, 0.1, 0, 0)
}

function by_data(name, measure, slack,   early, late, data_early, data_late, bound) {
	early = value[name, half] - value[name, quarter]
	late = value[name, n] - value[name, half]
	data_early = value[measure, half] - value[measure, quarter]
	data_late = value[measure, n] - value[measure, half]
	if (data_early <= 0 || data_late <= 0) {
		tell(name, 0, "without data")
		return
	}
	if (early < 0) early = 0
	bound = int(1.1 * early / data_early * data_late + slack)
	tell(name, late <= bound, sprintf("%d for %d %s, then %d for %d, at most %d",
		early, data_early, measure, late, data_late, bound))
}

END {
	if (n < 16) {
		print "samples GROWS only " n + 0
		exit 1
	}
	quarter = int(n / 4)
	half = int(n / 2)
	three = int(n * 3 / 4)
	# The allocator keeps what a peak took, in arenas of its own, and LMDB
	# the pages that its largest commit dirtied: peaks become rarer, not none.
	flat("memory_kb", 0.05, 2048)
	flat_at_rest("descriptors")
	flat("threads", 0, 0)
	flat_at_rest("children")
	flat("connections", 0, 1) # somebody comes or goes
	flat_at_rest("snapshots")
	flat("waiting", 0, 0)
	# As many are kept ready as were once wanted at a time.
	flat("readers", 0, 2)
	# 16 MiB: a short run files little, and each time something else.  A
	# backup and a slow disk hold pages back for a while, in the file.
	by_data("records_kb", "entries", 4 * journal_kb + 16384)
	by_data("records_used_kb", "entries", 16384)
	by_data("chunks_kb", "sent_kb", 4 * journal_kb + 16384)
	by_data("chunks_used_kb", "sent_kb", 16384)
	flat("journal_kb", 0, 2 * journal_kb > value["journal_kb", half] ? 2 * journal_kb - value["journal_kb", half] : 0)
	flat("other_kb", 0, 64)
	exit bad > 0
}
