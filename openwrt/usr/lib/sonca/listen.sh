# The connection that stays: mosquitto_sub hears the receipts and what the server tells to probe, and its last will says
# that this agent is lost.
# shellcheck shell=dash

FIRST_PAUSE_SECONDS=1
LONGEST_PAUSE_SECONDS=60
SILENT_SECONDS=60 # a receipt after such a silence means that the collector is back

LISTENER=
HEARER=
GUARD=
LISTEN_AT=0
LISTEN_PAUSE=$FIRST_PAUSE_SECONDS

topic() { # channel
	echo "sonca/v1/$SITE/$AGENT/$1"
}

# Starts what has ended, with pauses that grow: a broker that is away is not asked every second.
keep_listening() {
	[ -n "$LISTENER" ] || end_leftover
	if [ -n "$LISTENER" ] && kill -0 "$LISTENER" 2>/dev/null; then
		[ "$NOW" -lt $((LISTEN_AT + 10000)) ] || LISTEN_PAUSE=$FIRST_PAUSE_SECONDS
		return
	fi
	if [ -n "$LISTENER" ]; then
		tell_why "$RUN/listener.trouble"
		end_listening
		jittered $((LISTEN_PAUSE * 1000))
		LISTEN_AT=$((NOW + WAIT))
		LISTEN_PAUSE=$((LISTEN_PAUSE * 2))
		[ $LISTEN_PAUSE -le $LONGEST_PAUSE_SECONDS ] || LISTEN_PAUSE=$LONGEST_PAUSE_SECONDS
		LISTENER=
	fi
	[ "$NOW" -lt "$LISTEN_AT" ] || start_listening
}

start_listening() {
	LISTEN_AT=$NOW
	rm -f "$RUN/line"
	mkfifo "$RUN/line"
	hear_all <"$RUN/line" &
	HEARER=$!
	XDG_CONFIG_HOME="$RUN/connection/stay" mosquitto_sub -t "$(topic receipts)" -t "$(topic settings)" -F '%t %p' \
		--will-topic "$(topic status)" --will-payload "$(status lost)" --will-qos 1 --will-retain \
		>"$RUN/line" 2>"$RUN/listener.trouble" &
	LISTENER=$!
	echo "$LISTENER" >"$RUN/listener.pid"
	guard $$ "$LISTENER" &
	GUARD=$!
}

# When the agent is killed its connection must break, so that the broker speaks the last will.
guard() { # agent listener
	trap - TERM INT
	while kill -0 "$1" 2>/dev/null && kill -0 "$2" 2>/dev/null; do
		sleep 1
	done
	kill -0 "$1" 2>/dev/null || kill -9 "$2" 2>/dev/null
}

# Of a run that was killed together with its guard.
end_leftover() {
	local pid=
	[ -f "$RUN/listener.pid" ] || return 0
	read -r pid <"$RUN/listener.pid"
	rm -f "$RUN/listener.pid"
	! is_running "$pid" mosquitto_sub || kill -9 "$pid"
}

end_listening() {
	kill "$GUARD" "$HEARER" 2>/dev/null
	wait "$LISTENER" "$GUARD" "$HEARER" 2>/dev/null
	rm -f "$RUN/listener.pid"
}

# In peace: mosquitto_sub says goodbye to the broker, and no will is spoken.
stop_listening() {
	[ -n "$LISTENER" ] || return 0
	kill "$LISTENER" 2>/dev/null
	wait "$LISTENER" 2>/dev/null
	end_listening
}

# A message of the wire. `online` and `offline` say when, as the receipt that answers repeats it.
status() { # state [sent_at [reason]]
	printf '{"version":1,"agent":"%s","boot":"%s","state":"%s"' "$AGENT" "$BOOT" "$1"
	[ -z "${2:-}" ] || printf ',"sent_at":%s' "$2"
	[ -z "${3:-}" ] || printf ',"reason":"%s"' "$3"
	printf ',"software":"sonca-openwrt %s","report_seconds":%s}' "$VERSION" "$REPORT_SECONDS"
}

hear_all() {
	local line
	trap - TERM INT
	while IFS= read -r line; do
		case ${line%% *} in
		*/settings) hear_settings "${line#* }" ;;
		*) hear "${line#* }" ;;
		esac
	done
}

hear() { # receipt
	local OUTCOME=ok ANSWER=$1 entry heard=0
	if ! take OF=@.boot SERVER=@.server_time BIRTH=@.birth_sent_at 'DONE=@.sequences[*]' 'NOT=@.refused[*]'; then
		log "a receipt could not be read: $1"
		return
	fi
	case ${OF:-} in '' | *[!0-9A-Za-z-]*) return ;; esac
	case ${SERVER:-} in '' | *[!0-9]*) return ;; esac
	[ "$OF" != "$BOOT" ] || [ -z "${BIRTH:-}" ] || learn_offset "$SERVER" "$BIRTH"
	for entry in ${DONE:-}; do
		settle "$OF" "$entry"
	done
	for entry in ${NOT:-}; do
		settle "$OF" "$entry"
		add_to refused 1
		log "the collector could not accept the batch $entry; it is kept there to be read"
	done
	now
	[ ! -f "$RUN/heard" ] || read -r heard <"$RUN/heard"
	[ $((NOW - heard)) -le $((SILENT_SECONDS * 1000)) ] || : >"$RUN/hurry"
	put "$RUN/heard" "$NOW"
}
