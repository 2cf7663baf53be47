@echo off
rem Runs AliasFree from its source folder on Windows, as ./aliasfree does elsewhere: finds a JDK, builds when nothing is
rem built or the sources are newer, starts the command. Environment:
rem   ALIASFREE_JAVA_HOME  the JDK to use (otherwise JAVA_HOME, java on the PATH, the usual folders)
rem   ALIASFREE_OPTS       more options for java, for example "-Xmx2g"
rem   TORNADOVM_HOME       the folder of TornadoVM, for the backend tornado (docs\backend-tornado.md)
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "root=%root:~0,-1%"
set "jdk="
set "application="

if defined ALIASFREE_JAVA_HOME (
  call :try "%ALIASFREE_JAVA_HOME%"
  if not defined jdk (
    >&2 echo aliasfree: ALIASFREE_JAVA_HOME is "%ALIASFREE_JAVA_HOME%", which is no JDK 25 or newer; set it to the folder of one.
    exit /b 1
  )
)
if not defined jdk call :try "%JAVA_HOME%"
if not defined jdk for %%j in (java.exe) do call :try "%%~dp$PATH:j.."
if not defined jdk call :try "%JAVA25_HOME%"
if not defined jdk call :try "%JAVA_HOME_25_X64%"
if not defined jdk call :try "%JAVA_HOME_25_ARM64%"
if not defined jdk for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\*" "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%ProgramFiles%\BellSoft\*" "%ProgramFiles%\OpenJDK\*" "%USERPROFILE%\.jdks\*" "%USERPROFILE%\scoop\apps\*") do (
  if not defined jdk call :try "%%~d"
)
if not defined jdk (
  >&2 echo aliasfree: no JDK 25 or newer was found; install one ^(https://adoptium.net^) or set ALIASFREE_JAVA_HOME to its folder.
  exit /b 1
)

rem The class that the last build left starts faster than its source.
set "build="%root%\modules\cli\launcher\Build.java""
if exist "%root%\target\launcher\Build.class" set "build=-cp "%root%\target\launcher" Build"
for /f "delims=" %%a in ('call "%jdk%\bin\java.exe" %build% "%root%"') do set "application=%%a"
if not defined application exit /b 1

rem Where there is TornadoVM, its options come first: among them a module path that ends with its modules.
set "modules=--module-path "%application%""
if defined TORNADOVM_HOME for /f "delims=" %%o in ('call "%jdk%\bin\java.exe" --enable-native-access^=ALL-UNNAMED -cp "%root%\target\launcher" Tornado "%TORNADOVM_HOME%" "%application%" "%root%\target\launcher"') do set "modules="@%%o""

"%jdk%\bin\java.exe" %modules% "@%root%\modules\cli\launcher\java.options" "-XX:SharedArchiveFile=%application%\classes.jsa" -Xlog:cds*=off,aot*=off %ALIASFREE_OPTS% -m org.aliasfree.cli/org.aliasfree.cli.Main %*
exit /b %ERRORLEVEL%

rem Sets jdk when the folder %1 is a JDK that is new enough, by the file that says its version: JAVA_VERSION="25.0.1"
:try
if "%~1"=="" exit /b
if not exist "%~1\bin\javac.exe" exit /b
if not exist "%~1\release" exit /b
set "version="
for /f "usebackq tokens=1,2 delims==" %%k in ("%~1\release") do if "%%k"=="JAVA_VERSION" set "version=%%~l"
if not defined version exit /b
for /f "tokens=1 delims=.+-" %%m in ("%version%") do set "version=%%m"
if %version% GEQ 25 set "jdk=%~1"
exit /b
