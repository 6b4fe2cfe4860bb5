# Looks from this machine whether the private Azure Machine Learning environment @NAME@ is reached privately.
# It resolves names, opens ports, asks the workspace's interface without signing in, and changes nothing.
# Run it with: powershell -ExecutionPolicy Bypass -File @FILE@
# Then paste its lines into:   privateaml verify @NAME@ --results -

$ErrorActionPreference = 'Stop'
$patience = 5000
[System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType]::Tls12

# What this machine itself makes of a name, its hosts file included.
function Get-Answer([string] $Name) {
    try {
        $found = [System.Net.Dns]::GetHostAddresses($Name) |
            Where-Object { $_.AddressFamily -eq [System.Net.Sockets.AddressFamily]::InterNetwork }
        if (-not $found) { return 'nxdomain' }
        return (@($found | ForEach-Object { $_.ToString() }) -join ',')
    } catch {
        $cause = $_.Exception.GetBaseException()
        if ($cause -is [System.Net.Sockets.SocketException]) {
            if (@(11001, 11004) -contains $cause.ErrorCode) { return 'nxdomain' }
        }
        return 'noanswer'
    }
}

# What the hub's server says, where this machine has the command to ask it.
function Get-HubAnswer([string] $Name, [string] $Server) {
    if (-not $Server) { return '-' }
    if (-not (Get-Command Resolve-DnsName -ErrorAction SilentlyContinue)) { return '-' }
    try {
        $found = Resolve-DnsName -Name $Name -Type A -Server $Server -DnsOnly -ErrorAction Stop |
            Where-Object { $_.Type -eq 'A' }
        if (-not $found) { return 'nxdomain' }
        return (@($found | ForEach-Object { $_.IPAddress }) -join ',')
    } catch {
        if ($_.FullyQualifiedErrorId -like 'DNS_ERROR_RCODE_NAME_ERROR*') { return 'nxdomain' }
        return 'noanswer'
    }
}

function Test-Port([string] $Address, [int] $Port) {
    $client = New-Object System.Net.Sockets.TcpClient
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $pending = $client.BeginConnect($Address, $Port, $null, $null)
        if (-not $pending.AsyncWaitHandle.WaitOne($patience)) { return 'timeout' }
        $client.EndConnect($pending)
        return "ok:$($watch.ElapsedMilliseconds)"
    } catch {
        $cause = $_.Exception.GetBaseException()
        if ($cause -is [System.Net.Sockets.SocketException]) {
            if ($cause.SocketErrorCode -eq 'ConnectionRefused') { return 'refused' }
            if (@('NetworkUnreachable', 'HostUnreachable') -contains "$($cause.SocketErrorCode)") { return 'noroute' }
            if ($cause.SocketErrorCode -eq 'TimedOut') { return 'timeout' }
        }
        # It was not the network that kept it from being tried, such as a rule of this machine.
        return '-'
    } finally {
        $client.Close()
    }
}

function Get-Status([string] $Address, $Proxy) {
    $answer = $null
    try {
        $request = [System.Net.WebRequest]::Create($Address)
        $request.Proxy = $Proxy
        $request.Timeout = 2 * $patience
        # A redirection is told, not followed: whoever redirects is not the workspace.
        $request.AllowAutoRedirect = $false
        $answer = $request.GetResponse()
    } catch {
        $cause = $_.Exception.GetBaseException()
        if ($_.Exception.InnerException -is [System.Net.WebException]) { $cause = $_.Exception.InnerException }
        if ($cause -is [System.Net.WebException]) { $answer = $cause.Response }
        if (-not $answer) {
            $why = if ($cause -is [System.Net.WebException]) { $cause.Status } else { $cause.GetType().Name }
            return "failed:$why"
        }
    }
    $code = [int] $answer.StatusCode
    $body = $null
    try {
        $reader = New-Object System.IO.StreamReader($answer.GetResponseStream())
        $body = $reader.ReadToEnd()
    } catch {
        # Who refuses stands in the part that did not come.
        if ($code -eq 403) { return '403:unread' }
    } finally {
        $answer.Close()
    }
    if ($code -eq 403 -and $body.Contains('@DENIED@')) { return '403:private-link' }
    return "$code"
}

# The proxy that this machine is set to for an address, or nothing.
function Get-Proxied([string] $Address) {
    $proxy = [System.Net.WebRequest]::GetSystemWebProxy()
    if ($proxy.IsBypassed([uri] $Address)) { return '-' }
    $proxy.Credentials = [System.Net.CredentialCache]::DefaultCredentials
    return Get-Status $Address $proxy
}

function Write-Private([string] $Name, [string] $Address, [int] $Port, [string] $Path) {
    $found = Get-Answer $Name
    $hub = Get-HubAnswer $Name $resolver
    $server = if ($resolver) { $resolver } else { '-' }
    $https = '-'
    $through = '-'
    if ($Path) {
        $https = Get-Status "https://$Name$Path" $null
        $through = Get-Proxied "https://$Name$Path"
    }
    Write-Output "privateaml-check v1 name=$Name address=$found hub=$hub@$server tcp=$(Test-Port $Address $Port) https=$https proxied=$through end"
}

function Write-Public([string] $Name) {
    $found = Get-Answer $Name
    $opens = '-'
    if ($found -match '^[0-9]') { $opens = Test-Port $found.Split(',')[0] 443 }
    Write-Output "privateaml-check v1 name=$Name address=$found hub=-@- tcp=$opens https=- proxied=$(Get-Proxied "https://$Name/") end"
}

Write-Output '# privateaml check of @NAME@ (@NETWORK@)'
if (-not (Get-Command Resolve-DnsName -ErrorAction SilentlyContinue)) {
    Write-Output "# not tried, no tool: the hub's DNS server (Resolve-DnsName)"
}
$resolver = @RESOLVER@
@TABLE@
Write-Output '# Done. Paste these lines into: privateaml verify @NAME@ --results -'
