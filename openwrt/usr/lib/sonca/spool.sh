# What was measured, until a receipt names it. All of it is in RAM: a router's flash wears out.
#   pending/    one file a measurement
#   numbering/  the measurements of one batch, on their way into gathered/
#   gathered/   numbered, waiting for the clock's offset
#   batches/    as they travel, immutable
# Each step is one rename, so that kill -9 between any two of them neither loses nor doubles anything.
# Names are TIME.BOOT.SEQUENCE.KIND: they sort by age. Kind `ok` goes first when the spool is full.
# shellcheck shell=dash

MOST_IN_A_BATCH=200
SEQUENCE=0
RESENT=0

# Keeps one measurement. Called by many processes at once: the name is what it is keyed by.
measured() { # probe target outcome taken_at duration_ms fields
	local kind=bad name
	case $3 in ok | unsupported) kind=ok ;; esac
	name="$kind.$4.$1.$(echo "$2" | tr / _)"
	{
		printf '{"probe":"%s","taken_at":%s,"outcome":"%s","duration_ms":%s' "$1" "$4" "$3" "$5"
		[ -z "$2" ] || printf ',"target":"%s"' "$2"
		[ -z "$6" ] || printf ',"fields":{%s}' "$6"
		printf '}\n'
	} >"$RUN/partial/$name" && mv "$RUN/partial/$name" "$RUN/pending/$name"
}

# Numbers what is pending: a batch holds failures or none.
gather() {
	local kind
	for kind in bad ok; do
		while gather_one "$kind"; do :; done
	done
}

gather_one() { # kind
	local name file count=0
	set -- "$1" "$RUN/pending/$1".*
	[ -e "$2" ] || return 1
	now
	SEQUENCE=$((SEQUENCE + 1))
	name=$(printf '%014d.%s.%s.%s' "$NOW" "$BOOT" $SEQUENCE "$1")
	mkdir "$RUN/numbering/$name"
	shift
	for file; do
		[ $count -lt $MOST_IN_A_BATCH ] || break
		mv "$file" "$RUN/numbering/$name/"
		count=$((count + 1))
	done
	finish_gathering "$name"
}

# One file of what was numbered.
finish_gathering() { # name
	local file line separator=
	for file in "$RUN/numbering/$1"/*; do
		[ -e "$file" ] || continue
		read -r line <"$file"
		printf '%s%s' "$separator" "$line"
		separator=,
	done >"$RUN/partial/$1"
	if [ -s "$RUN/partial/$1" ]; then
		mv "$RUN/partial/$1" "$RUN/gathered/$1"
	fi
	rm -rf "$RUN/numbering/${1:?}"
}

# Makes batches of what is gathered, once it is known how wrong the clock is.
seal() {
	local file
	set -- "$RUN/gathered"/*
	[ -e "$1" ] || return 0
	read_offset || return 0
	for file; do
		seal_one "${file##*/}"
	done
}

seal_one() { # name
	local boot sequence
	boot=${1#*.}
	sequence=${boot#*.}
	boot=${boot%%.*}
	sequence=${sequence%%.*}
	{
		printf '{"version":1,"agent":"%s","boot":"%s","sequence":%s' "$AGENT" "$boot" "$sequence"
		[ -z "$OFFSET" ] || printf ',"clock_offset_ms":%s' "$OFFSET"
		printf ',"measurements":['
		cat "$RUN/gathered/$1"
		printf ']}\n'
	} >"$RUN/partial/$1" && mv "$RUN/partial/$1" "$RUN/batches/$1"
	rm -f "$RUN/gathered/$1"
}

# Ends what a killed run had begun. What it made of a batch already is not made again.
recover_spool() {
	local path
	for path in "$RUN/gathered"/*; do
		[ ! -e "$RUN/batches/${path##*/}" ] || rm -f "$path"
	done
	for path in "$RUN/numbering"/*; do
		[ -d "$path" ] || continue
		if [ -e "$RUN/gathered/${path##*/}" ] || [ -e "$RUN/batches/${path##*/}" ]; then
			rm -rf "$path"
		else
			finish_gathering "${path##*/}"
		fi
	done
}

# The folder outlived a restart of the router, so it is not in RAM: what is not numbered yet takes the offset of the
# clock that measured it, or none when that was never known.
forget_earlier_start() {
	local path
	recover_spool
	gather
	read_offset || :
	for path in "$RUN/gathered"/*; do
		[ ! -e "$path" ] || seal_one "${path##*/}"
	done
	rm -f "$RUN/offset" "$RUN/tries"/*
	OFFSET=
}

# The oldest successes go first, failures last; what goes is counted and reported.
keep_within_bounds() {
	local path used kind
	for kind in ok bad; do
		for path in "$RUN/batches"/*."$kind" "$RUN/gathered"/*."$kind"; do
			[ -e "$path" ] || continue
			used=$(du -sk "$RUN")
			[ "${used%%[!0-9]*}" -gt "$SPOOL_KILOBYTES" ] || return 0
			add_to lost "$(grep -o '"probe":' "$path" | wc -l)"
			rm -f "$path" "$RUN/tries/${path##*/}"
		done
	done
}

add_to() { # counter number
	local count=0
	[ ! -f "$RUN/$1" ] || read -r count <"$RUN/$1"
	put "$RUN/$1" $((count + $2))
}

# Lets go of what a receipt names. Runs in the listening process.
settle() { # boot sequence
	rm -f "$RUN/batches"/*."$1.$2."* "$RUN/tries"/*."$1.$2."*
}

# The probe `agent`: what waits here.
measure_spool() {
	local lost=0 refused=0 bytes count oldest fields
	now
	set -- "$RUN/batches"/*
	[ -e "$1" ] || shift
	count=$#
	bytes=$(cat "$RUN/batches"/* 2>/dev/null | wc -c)
	[ ! -f "$RUN/lost" ] || read -r lost <"$RUN/lost"
	[ ! -f "$RUN/refused" ] || read -r refused <"$RUN/refused"
	fields="\"outbox_bytes\":$((bytes)),\"outbox_batches\":$count"
	fields="$fields,\"lost_measurements\":$lost,\"refused_batches\":$refused,\"resent_batches\":$RESENT"
	if [ $count -gt 0 ]; then
		oldest=${1##*/}
		oldest=${oldest%%.*}
		fields="$fields,\"outbox_age_seconds\":$(((NOW - $(echo "$oldest" | sed 's/^0*//')) / 1000))"
	fi
	measured agent '' ok $((NOW + BASE)) 0 "$fields"
}
