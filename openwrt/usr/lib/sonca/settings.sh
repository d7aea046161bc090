# Settings and the folder in RAM.
# shellcheck shell=dash

VERSION=0.1.0
SITE=${SONCA_SITE:-}
AGENT=${SONCA_AGENT:-}
HOST=${SONCA_HOST:-}
PORT=${SONCA_PORT:-8883}
MQTT_VERSION=${SONCA_MQTT_VERSION:-5}
PASSWORD_FILE=${SONCA_PASSWORD_FILE:-/etc/sonca/password}
SENDER_PASSWORD_FILE=${SONCA_SENDER_PASSWORD_FILE:-}
CA_FILE=${SONCA_CA_FILE:-}
KEEP_ALIVE_SECONDS=${SONCA_KEEP_ALIVE_SECONDS:-30}
REPORT_SECONDS=${SONCA_REPORT_SECONDS:-30}
MEASURE_SECONDS=${SONCA_MEASURE_SECONDS:-30}
PING_COUNT=${SONCA_PING_COUNT:-5}
SPOOL_KILOBYTES=${SONCA_SPOOL_KILOBYTES:-2048}
WAN=${SONCA_WAN:-wan}
INTERNET=${SONCA_INTERNET:-cloudflare=1.1.1.1 quad9=9.9.9.9 google-dns=8.8.8.8}
RUN=${SONCA_RUN:-/tmp/sonca}
PROC=${SONCA_PROC:-/proc}

BOOT=
ROUND=

# procd sends what is said here to the system's log: logread -e sonca
log() {
	echo "sonca: $*" >&2
}

# Once per cause, not once per try: a night without a broker must not fill the log.
tell() { # cause sentence
	[ "$1" = "$TOLD" ] || log "$2"
	TOLD=$1
}
TOLD=

fail() {
	log "$1"
	exit 1
}

check_settings() {
	local name value
	for name in SITE AGENT; do
		eval "value=\$$name"
		case $value in
		'' | *[!a-z0-9-]*) fail "$name is '$value': use 1 to 48 of a-z, 0-9 and '-' (/etc/config/sonca)" ;;
		esac
		[ ${#value} -le 48 ] || fail "$name is longer than 48 letters (/etc/config/sonca)"
	done
	for name in PORT REPORT_SECONDS MEASURE_SECONDS KEEP_ALIVE_SECONDS SPOOL_KILOBYTES PING_COUNT; do
		eval "value=\$$name"
		case $value in
		'' | 0* | *[!0-9]*) fail "$name is '$value': write a whole number (/etc/config/sonca)" ;;
		esac
	done
	case $HOST in
	'' | *[!A-Za-z0-9.:-]*) fail "HOST is '$HOST': name the machine of the broker (/etc/config/sonca)" ;;
	esac
	for name in "$PASSWORD_FILE" "$SENDER_PASSWORD_FILE" "$CA_FILE"; do
		[ -z "$name" ] || [ -r "$name" ] || fail "$name cannot be read: copy it from the server (docs/openwrt.md)"
	done
}

prepare_run() {
	local folder other=
	umask 077
	for folder in partial pending numbering gathered batches tries connection/stay connection/send; do
		mkdir -p "$RUN/$folder" || fail "$RUN cannot be written"
	done
	[ ! -f "$RUN/agent.pid" ] || read -r other <"$RUN/agent.pid"
	if [ -n "$other" ] && [ "$other" != $$ ] && is_running "$other" agent; then
		fail "another agent runs already, process $other"
	fi
	echo $$ >"$RUN/agent.pid"
	read -r BOOT <"$PROC/sys/kernel/random/uuid"
	rm -f "$RUN/partial"/* "$RUN/hello"
}

# Whether a process of this number runs that program: numbers come back.
is_running() { # pid name
	[ -n "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -q "$2"
}

# Secrets stand in files for their owner only: on a command line every user of the router could read them.
write_connections() {
	write_connection stay mosquitto_sub "$SITE.$AGENT" "$PASSWORD_FILE"
	if [ -n "$SENDER_PASSWORD_FILE" ]; then
		write_connection send mosquitto_pub "$SITE.$AGENT.sender" "$SENDER_PASSWORD_FILE"
	else
		write_connection send mosquitto_pub "$SITE.$AGENT" "$PASSWORD_FILE"
	fi
}

write_connection() { # folder program user password-file
	local password version=mqttv311
	# Only MQTT 5 tells that the broker refused what was sent. In MQTT 5 mosquitto_sub asks for its will even when it
	# is ended in peace, so the connection that stays speaks 3.1.1.
	[ "$1$MQTT_VERSION" != send5 ] || version=mqttv5
	read -r password <"$4" || [ -n "$password" ] || fail "$4 holds no password"
	{
		printf '%s\n' "-h $HOST" "-p $PORT" "-u $3" "-P $password" "-V $version" "-k $KEEP_ALIVE_SECONDS" "-q 1"
		printf '%s\n' "-i $SITE-$AGENT-$1-$BOOT"
		[ -z "$CA_FILE" ] || printf '%s\n' "--cafile $CA_FILE"
	} >"$RUN/connection/$1/$2"
}
