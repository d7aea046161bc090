# What the server tells this router to probe and how often: the retained topic `settings`. It goes before the router's
# own options, as far as a shell can follow: pings of the groups internet and services. Web sites, names and ports are
# left to the classroom PCs.
# shellcheck shell=dash

UNITS='agent host wan wifi_network internet services' # what can have an interval of its own; gateway and card go with wan
LONGEST_TOLD_SECONDS=86400
MOST_TARGETS=50

OWN_REPORT_SECONDS=$REPORT_SECONDS
TARGETS=
PING_SECONDS=

# Keeps what was told, for the main process. Runs in the listening process; the broker repeats it at each connection.
hear_settings() { # payload, empty when the server took its word back
	local known=
	[ ! -f "$RUN/told" ] || IFS= read -r known <"$RUN/told"
	[ "$1" != "$known" ] || return 0
	printf '%s\n' "$1" >"$RUN/told.new" && mv "$RUN/told.new" "$RUN/told"
	: >"$RUN/told_anew"
}

# Sets TARGETS, REPORT_SECONDS, PING_SECONDS, and EVERY_... of the units. All is measured anew at once.
use_told() {
	local entry told=
	rm -f "$RUN/told_anew"
	use_own
	[ ! -f "$RUN/told" ] || IFS= read -r told <"$RUN/told"
	[ -n "$told" ] || return 0
	ANSWER=$told
	OUTCOME=ok
	if ! take TOLD_VERSION=@.version TOLD_REPORT=@.report_seconds TOLD_PING=@.deadline_seconds.ping \
		TOLD_EVERY=@.interval_seconds TOLD_TARGETS=@.targets || [ "${TOLD_VERSION:-}" != 1 ]; then
		log "what the server told this router to probe cannot be read; its own options stay in use"
		return 0
	fi
	for entry in ${TOLD_EVERY:-}; do
		use_interval "$entry"
	done
	use_targets
	! told_seconds "${TOLD_REPORT:-}" || REPORT_SECONDS=$SECONDS_TOLD
	! told_seconds "${TOLD_PING:-}" || PING_SECONDS=$SECONDS_TOLD
	log "the server told what to probe: $(echo "$TARGETS" | wc -w) pings, a report every $REPORT_SECONDS s"
}

use_own() {
	local unit entry
	REPORT_SECONDS=$OWN_REPORT_SECONDS
	PING_SECONDS=$((PING_COUNT + PING_PATIENCE_SECONDS))
	for unit in $UNITS ping; do
		eval "EVERY_$unit= AT_$unit=0"
	done
	TARGETS=
	for entry in $INTERNET; do
		TARGETS="$TARGETS internet/$entry"
	done
}

use_interval() { # probe or group
	case " $UNITS ping " in
	*" $1 "*) ;;
	*) return 0 ;;
	esac
	take "TOLD_SECONDS=@.interval_seconds[\"$1\"]"
	! told_seconds "${TOLD_SECONDS:-}" || eval "EVERY_$1=$SECONDS_TOLD"
}

# Sets SECONDS_TOLD: whole seconds of a number, one at least. 1 for what is none.
told_seconds() { # number
	SECONDS_TOLD=${1%%.*}
	case $SECONDS_TOLD in
	'' | *[!0-9]* | ??????*) return 1 ;;
	esac
	[ "$SECONDS_TOLD" -ge 1 ] || SECONDS_TOLD=1
	[ "$SECONDS_TOLD" -le $LONGEST_TOLD_SECONDS ]
}

# The targets of which a router can measure one of the internet; else its own stay.
use_targets() {
	local index found='' count=0
	for index in ${TOLD_TARGETS:-}; do
		[ $count -lt $MOST_TARGETS ] || break
		take "PROBE=@.targets[$index].probe" "GROUP=@.targets[$index].group" "NAME=@.targets[$index].name" \
			"ADDRESS=@.targets[$index].address"
		if [ "${PROBE:-}" = ping ] && is_plain_target "${GROUP:-}" "${NAME:-}" "${ADDRESS:-}"; then
			found="$found $GROUP/$NAME=$ADDRESS"
			count=$((count + 1))
		fi
	done
	case $found in
	*' internet/'*) TARGETS=$found ;;
	*) TARGETS="$TARGETS$found" ;;
	esac
}

is_plain_target() { # group name address
	case $1 in internet | services) ;; *) return 1 ;; esac
	case $2 in '' | *[!a-z0-9-]*) return 1 ;; esac
	case $3 in '' | -* | *[!A-Za-z0-9.:-]*) return 1 ;; esac
}

# Starts what is due, side by side, in a process of its own. Two rounds at a time would only wait for the same things.
start_round() {
	local unit at every due=
	[ -z "$ROUND" ] || ! kill -0 "$ROUND" 2>/dev/null || return 0
	for unit in $UNITS; do
		eval "at=\$AT_$unit every=\$EVERY_$unit"
		[ "$NOW" -ge "$at" ] || continue
		case $unit in
		internet | services) every=${every:-$EVERY_ping} ;;
		esac
		eval "AT_$unit=$((NOW + ${every:-$MEASURE_SECONDS} * 1000))"
		due="$due $unit"
	done
	[ -n "$due" ] || return 0
	# shellcheck disable=SC2086 # one word a unit
	measure_round $due &
	ROUND=$!
}
