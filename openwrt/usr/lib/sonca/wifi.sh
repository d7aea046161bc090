# The Wi-Fi networks of this router: how many clients, on which channel, how busy the air is. Nobody's device is named:
# only the number of clients leaves the router.
# shellcheck shell=dash

measure_wifi() {
	local radio seen=' '
	ask network.wireless status
	if [ "$OUTCOME" = unsupported ]; then
		measured wifi_network '' unsupported $((STARTED + BASE)) $TOOK ''
		return
	fi
	if ! take RADIOS=@; then
		measured wifi_network '' "$OUTCOME" $((STARTED + BASE)) $TOOK ''
		return
	fi
	for radio in ${RADIOS:-}; do
		case $radio in
		*[!A-Za-z0-9_-]*) ;;
		*) measure_radio "$radio" ;;
		esac
	done
	[ "$seen" != ' ' ] || measured wifi_network '' unsupported $((STARTED + BASE)) $TOOK ''
}

# The networks of a radio; ANSWER is that of network.wireless status.
measure_radio() { # radio
	local index wireless=$ANSWER
	take "DISABLED=@[\"$1\"].disabled" "ON_AIR=@[\"$1\"].up" "NETWORKS=@[\"$1\"].interfaces"
	[ "${DISABLED:-0}" != 1 ] || return 0
	for index in ${NETWORKS:-}; do
		ANSWER=$wireless
		OUTCOME=ok
		take "MODE=@[\"$1\"].interfaces[$index].config.mode" "NETWORK=@[\"$1\"].interfaces[$index].config.ssid" \
			"INTERFACE=@[\"$1\"].interfaces[$index].ifname" "SECTION=@[\"$1\"].interfaces[$index].section"
		[ "${MODE:-}" != ap ] || measure_network "$1" "${INTERFACE:-}" "${NETWORK:-}" "${SECTION:-$index}"
	done
	ANSWER=$wireless
	OUTCOME=ok
}

measure_network() { # radio interface network-name section
	local target began took
	case $2 in
	*[!A-Za-z0-9._-]*) return 0 ;;
	esac
	network_target "$1" "$(echo "$4" | tr -cd A-Za-z0-9_-)" "$3"
	now
	began=$NOW
	FIELDS=
	yes_no on_air "${ON_AIR:-}"
	OUTCOME=ok
	if [ -n "$2" ] && [ "${ON_AIR:-}" = 1 ]; then
		measure_air "$2"
	fi
	now
	took=$((NOW - began))
	measured wifi_network "$target" "$OUTCOME" $((began + BASE)) $took "$FIELDS"
}

# Sets target: radio/network-name where the name is plain letters and not taken, else radio/section of the settings.
network_target() { # radio section network-name
	local name
	case $3 in
	*[!\ -~]*) name= ;;
	*) name=$(echo "$3" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9]\{1,\}/-/g; s/^-//; s/-$//' | cut -c 1-48) ;;
	esac
	target="$1/${name:-$2}"
	case $seen in
	*" $target "*) target="$1/$2" ;;
	esac
	seen="$seen$target "
}

# `iwinfo survey` would tell more of the air, but it has crashed rpcd on some MediaTek radios.
measure_air() { # interface
	local first
	ask iwinfo info "{\"device\":\"$1\"}"
	if take CHANNEL=@.channel FREQUENCY=@.frequency NOISE=@.noise; then
		number channel "${CHANNEL:-}"
		number frequency_mhz "${FREQUENCY:-}"
		# 0 is what drivers say that cannot measure it.
		[ "${NOISE:-0}" = 0 ] || number noise_dbm "$NOISE"
	fi
	first=$OUTCOME
	ask "hostapd.$1" get_status
	# The share of time as hostapd tells its clients: 255 is always. Time 0: it has not measured yet.
	if take 'BUSY=@.airtime.utilization' 'OVER=@.airtime.time' && [ "${OVER:-0}" != 0 ]; then
		decimal channel_used_percent $((${BUSY:-0} * 1000 / 255)) 10
	fi
	ask "hostapd.$1" get_clients
	if take HAS=@ CLIENTS=@.clients; then
		case " ${HAS:-} " in
		*' clients '*)
			# shellcheck disable=SC2086 # the words are counted
			set -- ${CLIENTS:-}
			number clients $#
			;;
		*) OUTCOME=bad_answer ;;
		esac
	fi
	# One of the two that tells something is enough; a router without hostapd on ubus still knows its channel.
	[ "$OUTCOME" = ok ] || OUTCOME=$first
}
