# Times. A router has no clock of its own when it starts: it believes in the day its firmware was made, and leaps when
# NTP answers. So measurements are timed by /proc/uptime, tied once to the wall clock; the server tells the rest.
# shellcheck shell=dash

LONGEST_ROUND_TRIP_MS=10000 # an answer that took longer tells nothing useful
EARLIER_SLACK_MS=1000       # of an offset that an earlier run learned
WORTH_TELLING_MS=60000

# Sets NOW: milliseconds since the router started, in steps of ten.
now() {
	local up fraction
	read -r up _ <"$PROC/uptime"
	fraction=${up#*.}
	# Without the leading zero: 08 would be read as a bad octal number.
	NOW=$((${up%.*} * 1000 + ${fraction#0} * 10))
}

# Sets BASE: NOW + BASE is the time in UTC milliseconds, as the router believed it when the line was drawn.
draw_clock() {
	local era='' known_era=''
	read -r era <"$PROC/sys/kernel/random/boot_id"
	[ ! -f "$RUN/clock" ] || read -r known_era BASE <"$RUN/clock"
	if [ "$era" != "$known_era" ]; then
		now
		BASE=$(($(date +%s) * 1000 - NOW))
		forget_earlier_start
		put "$RUN/clock" "$era $BASE"
	elif [ -f "$RUN/offset" ]; then
		read -r OFFSET _ <"$RUN/offset"
		put "$RUN/offset" "$OFFSET $EARLIER_SLACK_MS"
	fi
}

# Whole or not at all.
put() { # file text
	echo "$2" >"$1.new" && mv "$1.new" "$1"
}

# Learns how far the server's clock is ahead of BASE, from the answer to a hello. Half the round trip is what it may be
# wrong by; a looser answer that agrees with what is known adds nothing. Runs in the listening process.
learn_offset() { # server's time, the hello it answers
	local sent='' known='' slack trip offset difference
	[ ! -f "$RUN/hello" ] || read -r sent <"$RUN/hello"
	[ "$2" = "$sent" ] || return 0
	now
	trip=$((NOW + BASE - sent))
	[ "$trip" -ge 0 ] && [ "$trip" -le $LONGEST_ROUND_TRIP_MS ] || return 0
	put "$RUN/answered" "$sent"
	offset=$(($1 - sent - trip / 2))
	if [ -f "$RUN/offset" ]; then
		read -r known slack <"$RUN/offset"
		difference=$((offset - known))
		[ "$difference" -ge 0 ] || difference=$((-difference))
		[ $((trip / 2)) -lt "$slack" ] || [ "$difference" -gt $((trip / 2 + slack)) ] || return 0
	fi
	put "$RUN/offset" "$offset $((trip / 2))"
	if [ -z "$known" ] && { [ "$offset" -ge $WORTH_TELLING_MS ] || [ "$offset" -le -$WORTH_TELLING_MS ]; }; then
		log "the clock was wrong by $((-offset / 1000)) s; times are corrected by the server's"
	fi
}

# Sets OFFSET when it is known.
read_offset() {
	OFFSET=
	[ ! -f "$RUN/offset" ] || read -r OFFSET _ <"$RUN/offset"
	[ -n "$OFFSET" ]
}

# Sets CHANCE: a number from 0 to below $1. The kernel's dice need no program.
dice() {
	local uuid
	read -r uuid <"$PROC/sys/kernel/random/uuid"
	CHANCE=$((0x${uuid%%-*} % $1))
}

# Sets WAIT: $1 milliseconds, 30 % more or less, so that a city coming back does not come at once.
jittered() {
	dice 601
	WAIT=$(($1 * (700 + CHANCE) / 1000))
}
