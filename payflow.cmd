@echo off
rem PayFlow Sync's one script, for Windows: builds what has changed, then runs it. See ./payflow for the verbs.
setlocal
set "ROOT=%~dp0"
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
set MSBUILDDISABLENODEREUSE=1

where dotnet >nul 2>nul
if errorlevel 1 (
  echo payflow: the .NET 10 SDK is missing. Install it: winget install Microsoft.DotNet.SDK.10 1>&2
  exit /b 1
)
if /i "%~1"=="test" goto test
if /i "%~1"=="bench" goto bench
if /i "%~1"=="faults" goto faults

set PROJECT=PayFlow.Admin
set PROGRAM=payflow-admin
set ARGUMENTS=%*
goto run

:faults
set PROJECT=PayFlow.Faults
set PROGRAM=payflow-faults
set "ARGUMENTS="
goto next

:bench
set PROJECT=PayFlow.Benchmarks
set PROGRAM=payflow-bench
set "ARGUMENTS="
:next
shift
if "%~1"=="" goto run
set ARGUMENTS=%ARGUMENTS% %1
goto next

:run
rem Each state of the sources has a folder of its own: Windows does not overwrite a program that runs.
set "STATE="
for /f %%s in ('powershell -NoProfile -Command "$f = @(Get-ChildItem '%ROOT%.' -Directory -Filter 'PayFlow.*' | Get-ChildItem -Recurse -File) + @(Get-ChildItem '%ROOT%.' -File -Filter 'Directory.*') | Where-Object FullName -NotMatch '\\(bin|obj|\.payflow|TestResults)\\'; '{0:x}-{1:x}' -f $f.Count, [long]($f.LastWriteTimeUtc.Ticks | Measure-Object -Maximum).Maximum"') do set STATE=%%s
if "%STATE%"=="" set STATE=latest
set "FOLDER=%ROOT%artifacts\%PROJECT%\%STATE%"
if exist "%FOLDER%\.complete" goto start
if not exist "%ROOT%artifacts" mkdir "%ROOT%artifacts"
echo payflow: building %PROJECT% 1>&2
dotnet publish "%ROOT%%PROJECT%" -c Release -o "%FOLDER%" -v quiet --nologo >"%ROOT%artifacts\build.log" 2>&1
if errorlevel 1 (
  type "%ROOT%artifacts\build.log" 1>&2
  exit /b 1
)
if not "%STATE%"=="latest" type nul >"%FOLDER%\.complete"

:start
dotnet "%FOLDER%\%PROGRAM%.dll" %ARGUMENTS%
exit /b %ERRORLEVEL%

:test
set "FILTER="
if not "%~2"=="" set FILTER=--filter "FullyQualifiedName~%~2"
dotnet test "%ROOT%PayFlow.Admin.Tests" -c Release --nologo %FILTER%
exit /b %ERRORLEVEL%
