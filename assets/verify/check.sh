#!/bin/sh
# Looks from this machine whether the private Azure Machine Learning environment @NAME@ is reached privately.
# It resolves names, opens ports, asks the workspace's interface without signing in, and changes nothing.
# Run it with: sh @FILE@
# Then paste its lines into:   privateaml verify @NAME@ --results -
#
# It uses the tools that are there (curl or wget; curl, nc, bash or wget; getent, dig, nslookup or host). A field is - where
# none of them can try.

# Messages of tools are read below: they must not be translated. Nothing here is a pattern of file names.
LC_ALL=C
export LC_ALL
unset LANGUAGE
set -f
seconds=5

has() { command -v "$1" >/dev/null 2>&1; }
first() { printf '%s' "$1" | cut -d, -f1; }
joined() { sort -u | tr '\n' ',' | sed 's/,$//'; }
only_ipv4() { grep -Eo '([0-9]{1,3}\.){3}[0-9]{1,3}'; }

# Runs a command for at most $1 seconds; 143 when it had to be ended. (`timeout` is not everywhere, and takes its time two ways.)
within() {
    limit=$1
    shift
    "$@" </dev/null &
    command=$!
    (
        sleep "$limit"
        kill "$command"
    ) >/dev/null 2>&1 &
    watch=$!
    wait "$command" 2>/dev/null
    code=$?
    kill "$watch" 2>/dev/null
    return $code
}

# BusyBox's wget knows few options, keeps back what comes with a refusal, and follows redirections.
wget_is_gnu() { wget --version 2>/dev/null | grep -qi 'gnu wget'; }
is_usage() {
    case $1 in
        *'nvalid option'* | *'nrecognized option'* | *'nknown option'* | *sage:*) return 0 ;;
        *) return 1 ;;
    esac
}

# The first status: what comes later is where a redirection led.
first_status() { printf '%s\n' "$1" | sed -n 's/.*HTTP\/[0-9.]* \([0-9][0-9][0-9]\).*/\1/p' | head -n 1; }

# A wget that is not GNU's: it may not know -S, by which it shows each answer. $1 file, $2 address
plain_wget() {
    answer=$(within $((seconds * 2)) wget -S -O "$1" "$2" 2>&1)
    code=$?
    if is_usage "$answer"; then
        answer=$(within $((seconds * 2)) wget -O "$1" "$2" 2>&1)
        code=$?
    fi
    printf '%s\n' "$answer"
    return $code
}

# What a DNS server says of a name. $1 name, $2 server or nothing for the one that this machine is set to.
ask() {
    if has dig; then
        answer=$(dig +time=$seconds +tries=1 +noall +comments +answer ${2:+"@$2"} "$1" A 2>&1)
        found=$(printf '%s\n' "$answer" | awk '$4 == "A" { print $5 }' | joined)
    elif has nslookup; then
        answer=$(within $((seconds * 2)) nslookup "$1" ${2:+"$2"} 2>&1)
        # The server's own address comes before the first name.
        found=$(printf '%s\n' "$answer" | sed -n '/^Name/,$p' | only_ipv4 | joined)
    elif has host; then
        answer=$(host -W $seconds -t A "$1" ${2:+"$2"} 2>&1)
        found=$(printf '%s\n' "$answer" | sed -n 's/.* has address //p' | joined)
    else
        echo '-'
        return
    fi
    if [ -n "$found" ]; then
        echo "$found"
        return
    fi
    case $answer in
        *NXDOMAIN* | *'status: NOERROR'* | *'No answer'* | *'has no A record'* | *'does not resolve'* | *'not known'*) echo nxdomain ;;
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
    why=$(ask "$1" '')
    # Those two do not tell why there is no address.
    if [ "$why" = - ] && { has getent || has dscacheutil; }; then why=noaddress; fi
    echo "$why"
}

failure() {
    case $1 in
        *efused*) echo refused ;;
        *'o route'* | *nreachable*) echo noroute ;;
        *) echo timeout ;;
    esac
}

by_curl() {
    # Only its verbose words tell a refusal from a missing route.
    said=$(curl -sv --noproxy '*' --connect-timeout $seconds --max-time $((seconds + 1)) -o /dev/null \
        -w '\ntook=%{time_connect}\n' "http://$1:$2/" 2>&1)
    took=$(printf '%s\n' "$said" | sed -n 's/^took=\([0-9.,]*\).*/\1/p' | tr ',' '.' |
        awk '{ printf "%d", $1 * 1000 + 0.999 }')
    if [ "${took:-0}" -gt 0 ]; then echo "ok:$took"; else failure "$said"; fi
}

by_nc() {
    if said=$(nc -z -v -w $seconds "$1" "$2" 2>&1 </dev/null); then
        echo ok:0
    elif is_usage "$said"; then
        # Without -z it stays connected for as long as the other side does.
        said=$(within $((seconds + 2)) nc -w $seconds "$1" "$2" 2>&1 >/dev/null)
        case $? in
            0 | 143) echo ok:0 ;;
            *) failure "$said" ;;
        esac
    else
        failure "$said"
    fi
}

by_bash() {
    # shellcheck disable=SC2016
    said=$(within $seconds bash -c ': >"/dev/tcp/$0/$1"' "$1" "$2" 2>&1)
    case $?$said in
        0*) echo ok:0 ;;
        # A bash that was built without it.
        *'No such file'*) echo - ;;
        *) failure "$said" ;;
    esac
}

by_wget() {
    said=$(
        unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
        if wget_is_gnu; then
            wget -T $seconds -t 1 --max-redirect=0 -O /dev/null "http://$1:$2/" 2>&1
        else
            plain_wget /dev/null "http://$1:$2/"
        fi
    )
    if [ -n "$(first_status "$said")" ]; then
        echo ok:0
        return
    fi
    case $said in
        *'connected.'* | *'error getting response'* | *saving* | *'short read'*) echo ok:0 ;;
        *efused* | *'o route'* | *nreachable*) failure "$said" ;;
        *'failed: '*'timed out'* | *"can't connect"*'timed out'*) echo timeout ;;
        # Whether it was the connection or the answer that did not come is not told.
        *) echo - ;;
    esac
}

# Whether a port opens. $1 address, $2 port. 0 milliseconds: it was not measured.
port() {
    opens=-
    if has curl; then opens=$(by_curl "$1" "$2"); fi
    if [ "$opens" = - ] && has nc; then opens=$(by_nc "$1" "$2"); fi
    if [ "$opens" = - ] && has bash; then opens=$(by_bash "$1" "$2"); fi
    if [ "$opens" = - ] && has wget; then opens=$(by_wget "$1" "$2"); fi
    echo "$opens"
}

# $1 status or nothing, $2 everything that was said, $3 why there is no status
status() {
    if [ -z "$1" ] || [ "$1" = 000 ]; then
        echo "failed:$3"
    elif [ "$1" = 403 ] && printf '%s' "$2" | grep -q '@DENIED@'; then
        echo 403:private-link
    else
        echo "$1"
    fi
}

web_by_curl() {
    said=$(curl -s --max-time $((seconds * 2)) -w '\nstatus %{http_code}' "$@" 2>/dev/null)
    code=$?
    status "$(printf '%s' "$said" | sed -n 's/^status //p' | tail -n 1)" "$said" "curl-$code"
}

web_by_wget() {
    if wget_is_gnu; then
        said=$(wget -S -T $((seconds * 2)) -t 1 --max-redirect=0 --content-on-error -O - "$1" 2>&1)
        code=$?
        status "$(first_status "$said")" "$said" "wget-$code"
        return
    fi
    said=$(plain_wget - "$1")
    code=$?
    found=$(first_status "$said")
    if [ -z "$found" ] && [ $code = 0 ]; then found=200; fi
    case $said in
        *'not an http'* | *ssl_client*) if [ -z "$found" ]; then echo - && return; fi ;;
    esac
    # Whether it was the workspace that refused stands in the part that this wget keeps back.
    if [ "$found" = 403 ]; then echo 403:unread; else status "$found" '' "wget-$code"; fi
}

# What a web server says without a proxy.
direct() {
    if has curl; then
        web_by_curl --noproxy '*' "$1"
    elif has wget; then
        unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY
        web_by_wget "$1"
    else
        echo -
    fi
}

# Whether this machine is set to ask $1 without its proxy.
bypassed() {
    for entry in $(printf '%s' "${no_proxy:-${NO_PROXY:-}}" | tr ',' ' '); do
        entry=${entry#\*}
        entry=${entry#.}
        case $1 in
            *".$entry" | "$entry") return 0 ;;
        esac
        if [ -z "$entry" ]; then return 0; fi
    done
    return 1
}

# The same through this machine's proxy, where it is set to one. $1 name, $2 path
proxied() {
    if [ -z "${https_proxy:-}${HTTPS_PROXY:-}${all_proxy:-}${ALL_PROXY:-}" ] || bypassed "$1"; then
        echo -
    elif has curl; then
        web_by_curl "https://$1$2"
    elif has wget; then
        web_by_wget "https://$1$2"
    else
        echo -
    fi
}

# $1 name, $2 expected address, $3 port, $4 path to be asked for or nothing
private() {
    found=$(lookup "$1")
    hub=-
    server=-
    for server in $resolvers; do
        hub=$(ask "$1" "$server")
        break
    done
    https=-
    through=-
    if [ -n "$4" ]; then
        https=$(direct "https://$1$4")
        through=$(proxied "$1" "$4")
    fi
    echo "privateaml-check v1 name=$1 address=$found hub=$hub@$server tcp=$(port "$2" "$3") https=$https proxied=$through end"
}

# $1 name
public() {
    found=$(lookup "$1")
    opens=-
    case $found in
        [0-9]*) opens=$(port "$(first "$found")" 443) ;;
    esac
    echo "privateaml-check v1 name=$1 address=$found hub=-@- tcp=$opens https=- proxied=$(proxied "$1" /) end"
}

untried() { echo "# not tried, no tool: $1"; }

echo "# privateaml check of @NAME@ (@NETWORK@)"
has dig || has nslookup || has host || untried "the hub's DNS server (dig, nslookup or host)"
has getent || has dscacheutil || has dig || has nslookup || has host || untried 'names (getent, dig, nslookup or host)'
has curl || has nc || has bash || has wget || untried 'ports (curl, nc, bash or wget)'
has curl || has wget || untried 'the workspace itself (curl or wget)'
resolvers=@RESOLVERS@
@TABLE@
echo '# Done. Paste these lines into: privateaml verify @NAME@ --results -'
