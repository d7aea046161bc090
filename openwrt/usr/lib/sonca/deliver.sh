# Sending: the hello, the equipment report, and batches until a receipt names them. Live batches go first; of the
# history only the oldest few are on their way, and the next follow when receipts came back: the collector sets the pace.
# shellcheck shell=dash

LIVE_SECONDS=120
HISTORY_ON_THE_WAY=8
HISTORY_SPREAD_SECONDS=20 # after connecting: not every router begins its history in the same second
FIRST_WAIT_SECONDS=20
LONGEST_WAIT_SECONDS=600
FIRST_HELLO_SECONDS=4
LONGEST_HELLO_SECONDS=300
SENDING_SECONDS=30 # mosquitto_pub alone would wait minutes for a dead network
GOODBYE_SECONDS=5

SENDER=
SENDER_STARTED=0
SEND_AT=0
SEND_PAUSE=$FIRST_PAUSE_SECONDS
CONNECTED=
HISTORY_FROM=0
HELLO_AT=0
HELLO_WAIT=$FIRST_HELLO_SECONDS
EQUIPMENT_SENT=

# One delivery at a time, in a process of its own.
keep_delivering() {
	if [ -n "$SENDER" ]; then
		end_delivery || return 0
	fi
	[ "$NOW" -ge "$SEND_AT" ] || return 0
	hurry_when_asked
	say_hello_when_due
	choose_batches
	if [ -f "$RUN/say_hello" ] || [ -s "$RUN/chosen" ]; then
		deliver &
		SENDER=$!
		SENDER_STARTED=$NOW
	fi
}

# Looks at the delivery under way; 1 while it goes on.
end_delivery() {
	local result
	if kill -0 "$SENDER" 2>/dev/null; then
		[ $((NOW - SENDER_STARTED)) -gt $((SENDING_SECONDS * 1000)) ] || return 1
		kill "$SENDER"
	fi
	wait "$SENDER"
	result=$?
	SENDER=
	if [ $result -eq 0 ]; then
		note_connection
	else
		note_failure
	fi
}

note_connection() {
	SEND_PAUSE=$FIRST_PAUSE_SECONDS
	[ ! -f "$RUN/equipment_sent" ] || EQUIPMENT_SENT=1
	if [ -s "$RUN/sender.trouble" ]; then # mosquitto_pub ends well when the broker refused what it sent
		tell_why "$RUN/sender.trouble"
	elif [ -z "$CONNECTED" ]; then
		TOLD=
		CONNECTED=1
		log "connected to the broker at $HOST:$PORT"
		dice $((HISTORY_SPREAD_SECONDS * 1000))
		HISTORY_FROM=$((NOW + CHANCE))
	fi
}

# Nothing of it counts as sent. After the next connection the hello is said anew: the will may have been spoken.
note_failure() {
	tell_why "$RUN/sender.trouble"
	rm -f "$RUN/tries"/*
	CONNECTED=
	rm -f "$RUN/answered"
	HELLO_WAIT=$FIRST_HELLO_SECONDS
	jittered $((SEND_PAUSE * 1000))
	SEND_AT=$((NOW + WAIT))
	HELLO_AT=$SEND_AT
	SEND_PAUSE=$((SEND_PAUSE * 2))
	[ $SEND_PAUSE -le $LONGEST_PAUSE_SECONDS ] || SEND_PAUSE=$LONGEST_PAUSE_SECONDS
}

# What mosquitto said, with what to do about it.
tell_why() { # file
	local words=
	[ ! -s "$1" ] || words=$(tr '\n' ' ' <"$1" | cut -c 1-200)
	case $words in
	*ot\ authori* | *ad\ user\ name* | *enied*)
		tell refused "the broker refuses this router: $words(check the account and the password files in /etc/sonca)" ;;
	*ertificate* | *TLS* | *tls*)
		tell untrusted "the broker's certificate is not trusted: $words(copy authority.crt from the server again)" ;;
	*) tell away "no way to the broker at $HOST:$PORT: $words(measurements are kept and it is tried again)" ;;
	esac
}

hurry_when_asked() {
	local path tries
	[ -f "$RUN/hurry" ] || return 0
	rm -f "$RUN/hurry"
	for path in "$RUN/tries"/*; do
		[ -e "$path" ] || continue
		read -r tries _ <"$path"
		dice $((FIRST_WAIT_SECONDS * 1000))
		put "$path" "$tries $((NOW + CHANCE))"
	done
}

# Until the collector answers, with pauses that grow.
say_hello_when_due() {
	local sent='' answered=''
	[ ! -f "$RUN/hello" ] || read -r sent <"$RUN/hello"
	[ ! -f "$RUN/answered" ] || read -r answered <"$RUN/answered"
	rm -f "$RUN/say_hello"
	if [ -n "$sent" ] && [ "$sent" = "$answered" ]; then
		return 0
	fi
	[ "$NOW" -ge "$HELLO_AT" ] || return 0
	: >"$RUN/say_hello"
	jittered $((HELLO_WAIT * 1000))
	HELLO_AT=$((NOW + WAIT))
	HELLO_WAIT=$((HELLO_WAIT * 2))
	[ $HELLO_WAIT -le $LONGEST_HELLO_SECONDS ] || HELLO_WAIT=$LONGEST_HELLO_SECONDS
}

# Writes what is due into `chosen`, live batches first, and when each is due again into tries/.
choose_batches() {
	local path name made history=0
	: >"$RUN/chosen"
	: >"$RUN/history"
	for path in "$RUN/batches"/*; do
		[ -e "$path" ] || continue
		name=${path##*/}
		made=$(echo "${name%%.*}" | sed 's/^0*//')
		case $name in
		*."$BOOT".*)
			if [ $((NOW - made)) -le $((LIVE_SECONDS * 1000)) ]; then
				! is_due "$name" || cat "$path" >>"$RUN/chosen"
				continue
			fi
			;;
		esac
		if [ $history -ge $HISTORY_ON_THE_WAY ] || [ "$NOW" -lt $HISTORY_FROM ]; then
			continue
		fi
		history=$((history + 1))
		! is_due "$name" || cat "$path" >>"$RUN/history"
	done
	cat "$RUN/history" >>"$RUN/chosen"
}

is_due() { # name
	local tries=0 again_at=0 wait=$FIRST_WAIT_SECONDS passed=0
	if [ -f "$RUN/tries/$1" ]; then
		read -r tries again_at <"$RUN/tries/$1"
		[ "$NOW" -ge "$again_at" ] || return 1
		RESENT=$((RESENT + 1))
	fi
	while [ $passed -lt "$tries" ] && [ $wait -lt $LONGEST_WAIT_SECONDS ]; do
		wait=$((wait * 2))
		passed=$((passed + 1))
	done
	[ $wait -le $LONGEST_WAIT_SECONDS ] || wait=$LONGEST_WAIT_SECONDS
	jittered $((wait * 1000))
	put "$RUN/tries/$1" "$((tries + 1)) $((NOW + WAIT))"
}

# In a process of its own; its connections come one after the other, since a broker may allow one at a time.
deliver() {
	trap 'kill "$PUBLISHER" 2>/dev/null; exit 1' TERM INT
	: >"$RUN/sender.trouble"
	if [ -f "$RUN/say_hello" ]; then
		now
		put "$RUN/hello" $((NOW + BASE))
		status online $((NOW + BASE)) >"$RUN/message"
		publish "$(topic status)" "$RUN/message" -r -s || return 1
	fi
	if [ -z "$EQUIPMENT_SENT" ] && write_equipment >"$RUN/message"; then
		publish "$(topic equipment)/$AGENT" "$RUN/message" -r -s || return 1
		: >"$RUN/equipment_sent"
	fi
	[ ! -s "$RUN/chosen" ] || publish "$(topic measurements)" "$RUN/chosen" -l
}

publish() { # topic file option...
	local topic=$1 file=$2
	shift 2
	XDG_CONFIG_HOME="$RUN/connection/send" mosquitto_pub -t "$topic" "$@" <"$file" 2>>"$RUN/sender.trouble" &
	PUBLISHER=$!
	wait "$PUBLISHER"
}

# What was measured goes out as far as it can; what does not stays in RAM. Then the farewell.
say_goodbye() { # reason
	local seconds=0
	[ -z "$SENDER" ] || { kill "$SENDER" && wait "$SENDER"; } 2>/dev/null
	now
	[ -n "$CONNECTED" ] || return 0
	choose_batches
	part "$1" &
	SENDER=$!
	while kill -0 "$SENDER" 2>/dev/null; do
		[ $seconds -lt $GOODBYE_SECONDS ] || kill "$SENDER"
		seconds=$((seconds + 1))
		sleep 1
	done
	wait "$SENDER"
}

part() { # reason
	EQUIPMENT_SENT=1
	rm -f "$RUN/say_hello"
	deliver || return 1
	now
	status offline $((NOW + BASE)) "$1" >"$RUN/message"
	publish "$(topic status)" "$RUN/message" -r -s
}

# The equipment report: what kind of router this is. Text that could break the message is taken out of it.
write_equipment() {
	ask system board
	take MODEL=@.model BOARD=@.board_name CHIP=@.system KERNEL=@.kernel RELEASE=@.release.version \
		DISTRIBUTION=@.release.distribution FULL=@.release.description TARGET=@.release.target || return 1
	[ -n "${MODEL:-}" ] || return 1
	now
	printf '{"version":1,"agent":"%s","device":"%s","taken_at":%s,"kind":"router","content":{' \
		"$AGENT" "$AGENT" $((NOW + BASE))
	printf '"bios":{%s},' "$(texts smodel "$MODEL")"
	printf '"hardware":{%s},' "$(texts name "${BOARD:-}")"
	printf '"cpus":[{%s}],' "$(texts name "${CHIP:-}")"
	printf '"operatingsystem":{%s}}}\n' "$(texts name "${DISTRIBUTION:-}" version "${RELEASE:-}" \
		full_name "${FULL:-}" kernel_name linux kernel_version "${KERNEL:-}" arch "${TARGET:-}")"
}

# Members of a JSON object, those without a value left out.
texts() { # name value...
	local separator=
	while [ $# -ge 2 ]; do
		if [ -n "$2" ]; then
			printf '%s"%s":"%s"' "$separator" "$1" "$(printf '%s' "$2" | tr -cd ' -~' | tr -d '\\"')"
			separator=,
		fi
		shift 2
	done
}
