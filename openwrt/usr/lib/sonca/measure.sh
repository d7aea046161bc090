# The probes but Wi-Fi. Each ends in measured(), whatever happens; a failure is a word, never a number.
# shellcheck shell=dash

UBUS_SECONDS=5
PING_PATIENCE_SECONDS=2

# What is due, side by side, in a process of its own.
measure_round() { # unit...
	local unit
	trap - TERM INT
	for unit; do
		case $unit in
		agent) measure_spool ;;
		host) measure_host & ;;
		wan) measure_wan & ;;
		wifi_network) measure_wifi & ;;
		*) measure_group "$unit" ;;
		esac
	done
	wait
}

measure_group() { # group
	local entry
	for entry in $TARGETS; do
		case $entry in
		"$1"/*) measure_ping "${entry%%=*}" "${entry#*=}" & ;;
		esac
	done
}

# Asks ubus. Sets ANSWER, OUTCOME, STARTED and TOOK (milliseconds).
ask() { # path method [arguments]
	now
	STARTED=$NOW
	ANSWER=$(ubus -t $UBUS_SECONDS call "$@" 2>/dev/null)
	case $? in
	0) OUTCOME=ok ;;
	3 | 4 | 8) OUTCOME=unsupported ;; # no such method, no such object, not supported
	6) OUTCOME=no_permission ;;
	7) OUTCOME=timeout ;;
	2 | 5) OUTCOME=bad_answer ;;
	*) OUTCOME=error ;; # 127: no ubus at all; 255: its daemon is away
	esac
	now
	TOOK=$((NOW - STARTED))
}

# Takes values out of ANSWER: NAME=path pairs become variables, empty where the answer has none. An answer that is no
# JSON makes OUTCOME bad_answer.
take() { # NAME=path...
	local pair assignments rest
	rest=
	for pair; do
		unset "${pair%%=*}"
		rest="$rest -e '$pair'"
	done
	[ "$OUTCOME" = ok ] || return 1
	assignments=$(printf '%s' "$ANSWER" | eval "jsonfilter $rest" 2>/dev/null)
	if [ $? -gt 1 ]; then # 1 only says that one of the paths is not there
		OUTCOME=bad_answer
		return 1
	fi
	eval "$assignments"
}

# Adds a field to FIELDS when the value is a whole number.
number() { # name value
	case ${2#-} in
	'' | *[!0-9]*) ;;
	*) FIELDS="$FIELDS${FIELDS:+,}\"$1\":$2" ;;
	esac
}

yes_no() { # name 1-or-0
	case $2 in
	1) FIELDS="$FIELDS${FIELDS:+,}\"$1\":true" ;;
	0) FIELDS="$FIELDS${FIELDS:+,}\"$1\":false" ;;
	esac
}

# Adds a field with decimals: $2 counts its smallest steps (of a hundredth, with $3 = 100).
decimal() { # name value steps
	local zeros
	case $2 in
	'' | *[!0-9]*) return 0 ;;
	esac
	zeros=$((${#3} - 1))
	FIELDS="$FIELDS${FIELDS:+,}\"$1\":$(printf "%d.%0${zeros}d" $(($2 / $3)) $(($2 % $3)))"
}

measure_host() {
	ask system info
	FIELDS=
	if take UP=@.uptime 'LOAD=@.load[0]' TOTAL=@.memory.total FREE=@.memory.free AVAILABLE=@.memory.available \
		BUFFERED=@.memory.buffered CACHED=@.memory.cached SWAP=@.swap.total; then
		[ -n "${UP:-}" ] || OUTCOME=bad_answer
		number uptime_seconds "${UP:-}"
		[ -z "${LOAD:-}" ] || decimal load_1m $((LOAD * 100 / 65536)) 100
		# Before OpenWrt 19.07 the answer has no `available`.
		[ -n "${AVAILABLE:-}" ] || AVAILABLE=$((${FREE:-0} + ${BUFFERED:-0} + ${CACHED:-0}))
		measure_memory "${TOTAL:-}" "$AVAILABLE"
		number swap_total_bytes "${SWAP:-}"
		measure_processor
	fi
	measured host '' "$OUTCOME" $((STARTED + BASE)) $TOOK "$FIELDS"
}

measure_memory() { # total available
	case $1 in
	'' | 0 | *[!0-9]*) return 0 ;;
	esac
	number memory_total_bytes "$1"
	number memory_available_bytes "$2"
	[ "$2" -gt "$1" ] || decimal memory_used_percent $((($1 - $2) * 1000 / $1)) 10
}

# Since the previous round; the first round has nothing to compare with.
measure_processor() {
	local before_busy before_total busy total user nice system idle waiting irq soft
	read -r _ user nice system idle waiting irq soft _ <"$PROC/stat"
	busy=$((user + nice + system + irq + soft))
	total=$((busy + idle + waiting))
	if [ -f "$RUN/processor" ]; then
		read -r before_busy before_total <"$RUN/processor"
		[ $total -le "$before_total" ] ||
			decimal cpu_percent $(((busy - before_busy) * 1000 / (total - before_total))) 10
	fi
	put "$RUN/processor" "$busy $total"
}

# The line to the internet, its network card, and the gateway behind it.
measure_wan() {
	local gateway
	ask "network.interface.$WAN" status
	FIELDS=
	if take UP=@.up PROTOCOL=@.proto SINCE=@.uptime DEVICE=@.device 'NEXT=@.route[@.target="0.0.0.0"].nexthop'; then
		[ -n "${UP:-}" ] || OUTCOME=bad_answer
		yes_no connected "${UP:-}"
		case ${PROTOCOL:-} in
		'' | *[!A-Za-z0-9_-]*) ;;
		*) FIELDS="$FIELDS${FIELDS:+,}\"protocol\":\"$PROTOCOL\"" ;;
		esac
		[ "${UP:-}" != 1 ] || number connected_seconds "${SINCE:-}"
	fi
	measured wan "$WAN" "$OUTCOME" $((STARTED + BASE)) $TOOK "$FIELDS"
	gateway=${NEXT:-}
	[ -z "${DEVICE:-}" ] || measure_card "$DEVICE"
	if [ -n "$gateway" ]; then
		measure_ping gateway/default "${gateway%% *}"
	elif [ "$OUTCOME" = ok ] && [ "${UP:-}" != 1 ]; then
		measured ping gateway/default unreachable $((STARTED + BASE)) 0 ''
	fi
}

measure_card() { # device
	case $1 in
	*[!A-Za-z0-9._@-]*) return 0 ;;
	esac
	ask network.device status "{\"name\":\"$1\"}"
	FIELDS=
	if take CARRIER=@.carrier SPEED=@.speed RX=@.statistics.rx_bytes TX=@.statistics.tx_bytes \
		RX_ERRORS=@.statistics.rx_errors TX_ERRORS=@.statistics.tx_errors \
		RX_DROPPED=@.statistics.rx_dropped TX_DROPPED=@.statistics.tx_dropped; then
		[ -n "${RX:-}" ] || OUTCOME=bad_answer
		number received_bytes "${RX:-}"
		number sent_bytes "${TX:-}"
		number receive_errors "${RX_ERRORS:-}"
		number send_errors "${TX_ERRORS:-}"
		number receive_drops "${RX_DROPPED:-}"
		number send_drops "${TX_DROPPED:-}"
		yes_no link_up "${CARRIER:-}"
		# "1000F": the speed, and F or H for full or half duplex; "-1F" without a link.
		SPEED=${SPEED:-}
		[ "${SPEED#-}" != "$SPEED" ] || number link_speed_mbps "${SPEED%[FH]}"
	fi
	measured network_card "$1" "$OUTCOME" $((STARTED + BASE)) $TOOK "$FIELDS"
}

measure_ping() { # target address
	local answer outcome started
	now
	started=$NOW
	answer=$(ping -c "$PING_COUNT" -W $PING_PATIENCE_SECONDS -w "${PING_SECONDS:-$((PING_COUNT + PING_PATIENCE_SECONDS))}" "$2" 2>&1)
	outcome=$(echo "$answer" | ping_outcome)
	now
	measured ping "$1" "$outcome" $((started + BASE)) $((NOW - started)) "$(echo "$answer" | ping_fields "$2")"
}

ping_outcome() {
	awk '
		/ time=/ { answered = 1 }
		/unreachable|No route to host/ { unreachable = 1 }
		/bad address/ { unknown = 1 }
		/[Pp]ermission denied|not permitted|must be root|are you root/ { forbidden = 1 }
		/packets transmitted/ { tried = 1 }
		END {
			if (answered) print "ok"
			else if (forbidden) print "no_permission"
			else if (unknown) print "name_not_found"
			else if (unreachable) print "unreachable"
			else print tried ? "timeout" : "error"
		}'
}

# The fields of contract/metrics.py; times only where something came back.
ping_fields() { # address
	awk -v address="$1" '
		/ time=/ {
			sub(/.* time=/, "")
			time = $1 + 0
			if (received && time < least || !received) least = time
			if (time > most) most = time
			if (received) steps += time > before ? time - before : before - time
			sum += time
			before = time
			received++
			next
		}
		/packets transmitted/ { sent = $1 + 0 }
		END {
			if (!sent) exit
			if (received > sent) sent = received
			printf "\"sent\":%d,\"received\":%d,\"loss_percent\":%.1f", sent, received, 100 * (sent - received) / sent
			if (received) printf ",\"round_trip_min_ms\":%.2f,\"round_trip_ms\":%.2f,\"round_trip_max_ms\":%.2f", \
				least, sum / received, most
			if (received > 1) printf ",\"jitter_ms\":%.2f", steps / (received - 1)
			if (address ~ /^[0-9a-fA-F.:]+$/) printf ",\"address\":\"%s\"", address
		}'
}
