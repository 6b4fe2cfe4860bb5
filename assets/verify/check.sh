#!/bin/sh
# Looks from this machine whether the private Azure Machine Learning environment @NAME@ is reached privately.
# It resolves names, opens ports, asks the workspace's interface without signing in, and changes nothing.
# Run it with: sh @FILE@
# Then paste its lines into:   privateaml verify @NAME@ --results -

seconds=5
missing=''

has() { command -v "$1" >/dev/null 2>&1; }
first() { printf '%s' "$1" | cut -d, -f1; }
joined() { sort -u | tr '\n' ',' | sed 's/,$//'; }
only_ipv4() { grep -Eo '([0-9]{1,3}\.){3}[0-9]{1,3}'; }

has getent || has nslookup || has dig || missing="$missing getent-or-nslookup"
has curl || has nc || has bash || missing="$missing curl-or-nc"
has curl || has wget || missing="$missing curl-or-wget"

# What a DNS server says of a name. $1 name, $2 server or nothing for this machine's own.
ask() {
    answer=''
    if has dig; then
        answer=$(dig +time=$seconds +tries=1 ${2:+"@$2"} "$1" A 2>&1)
        found=$(printf '%s\n' "$answer" | awk '$4 == "A" { print $5 }' | joined)
    elif has nslookup; then
        answer=$(nslookup "$1" ${2:+"$2"} 2>&1)
        # The server's own address stands before the first name.
        found=$(printf '%s\n' "$answer" | sed -n '/^Name/,$p' | only_ipv4 | joined)
    else
        echo '-'
        return
    fi
    if [ -n "$found" ]; then
        echo "$found"
        return
    fi
    case $answer in
        *NXDOMAIN* | *'status: NOERROR'* | *"No answer"*) echo nxdomain ;;
        *) echo noanswer ;;
    esac
}

# What this machine itself makes of a name, its hosts file included.
lookup() {
    found=''
    if has getent; then
        found=$(getent ahostsv4 "$1" 2>/dev/null | awk '{ print $1 }' | joined)
    elif has dscacheutil; then
        found=$(dscacheutil -q host -a name "$1" 2>/dev/null | awk '/^ip_address/ { print $2 }' | joined)
    fi
    if [ -n "$found" ]; then
        echo "$found"
        return
    fi
    if has nslookup || has dig; then
        ask "$1" ''
    elif has getent || has dscacheutil; then
        # These do not tell why there is none.
        echo noanswer
    else
        echo '-'
    fi
}

failure() {
    case $1 in
        *efused*) echo refused ;;
        *oute* | *nreachable*) echo noroute ;;
        *) echo timeout ;;
    esac
}

# Whether a port opens. $1 address, $2 port.
port() {
    if has curl; then
        # Only its verbose words tell a refusal from a missing route.
        said=$(curl -sv --noproxy '*' --connect-timeout $seconds --max-time $((seconds + 1)) -o /dev/null \
            -w '\ntook=%{time_connect}\n' "http://$1:$2/" 2>&1)
        took=$(printf '%s\n' "$said" | sed -n 's/^took=\([0-9.,]*\).*/\1/p' | tr ',' '.' |
            awk '{ printf "%d", $1 * 1000 + 0.999 }')
        if [ "${took:-0}" -gt 0 ]; then echo "ok:$took"; else failure "$said"; fi
    elif has nc; then
        if said=$(nc -z -v -w $seconds "$1" "$2" 2>&1); then echo ok:0; else failure "$said"; fi
    elif has bash && has timeout; then
        if said=$(timeout $seconds bash -c ": >/dev/tcp/$1/$2" 2>&1); then echo ok:0; else failure "$said"; fi
    else
        echo '-'
    fi
}

status() {
    if [ -z "$1" ] || [ "$1" = 000 ]; then
        echo "failed:$3"
    elif [ "$1" = 403 ] && printf '%s' "$2" | grep -q '@DENIED@'; then
        echo 403:private-link
    else
        echo "$1"
    fi
}

# What a web server says. $1 address, then flags for curl.
web() {
    address=$1
    shift
    if has curl; then
        said=$(curl -s --max-time $((seconds * 2)) -w '\nstatus %{http_code}' "$@" "$address" 2>/dev/null)
        code=$?
        status "$(printf '%s' "$said" | sed -n 's/^status //p')" "$said" "curl-$code"
    elif has wget; then
        if [ $# -gt 0 ]; then flag=--no-proxy; else flag=-q; fi
        said=$(wget -S -T $((seconds * 2)) -t 1 $flag --content-on-error -O - "$address" 2>&1)
        status "$(printf '%s\n' "$said" | sed -n 's/.*HTTP\/[0-9.]* \([0-9][0-9]*\).*/\1/p' | tail -n 1)" "$said" wget
    else
        echo '-'
    fi
}

direct() { web "$1" --noproxy '*'; }

proxied() {
    if [ -n "${https_proxy:-}${HTTPS_PROXY:-}${all_proxy:-}${ALL_PROXY:-}" ]; then web "$1"; else echo '-'; fi
}

# $1 name, $2 expected address, $3 port, $4 path to be asked for or nothing
private() {
    found=$(lookup "$1")
    hub='-'
    server='-'
    for server in $resolvers; do hub=$(ask "$1" "$server"); break; done
    https='-'
    through='-'
    if [ -n "$4" ]; then
        https=$(direct "https://$1$4")
        through=$(proxied "https://$1$4")
    fi
    echo "privateaml-check v1 name=$1 address=$found hub=$hub@$server tcp=$(port "$2" "$3") https=$https proxied=$through end"
}

# $1 name
public() {
    found=$(lookup "$1")
    opens='-'
    case $found in
        nxdomain | noanswer | -) ;;
        *) opens=$(port "$(first "$found")" 443) ;;
    esac
    echo "privateaml-check v1 name=$1 address=$found hub=-@- tcp=$opens https=- proxied=$(proxied "https://$1/") end"
}

echo "# privateaml check of @NAME@ (@NETWORK@)"
if [ -n "$missing" ]; then echo "# not on this machine:$missing"; fi
resolvers=@RESOLVERS@
@TABLE@
echo '# Done. Paste these lines into: privateaml verify @NAME@ --results -'
