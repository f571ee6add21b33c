# The PayFlow host: console, API and scheduler on port 8080. Its central is named by the environment (see docker-compose.yml).
# The build needs the .NET 10 SDK that global.json names; the host runs on the smaller ASP.NET Core image.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY PayFlow.Sync.Engine/ PayFlow.Sync.Engine/
COPY PayFlow.Admin/ PayFlow.Admin/
RUN dotnet publish PayFlow.Admin -c Release -o /app --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
# Relative paths and the data folder .payflow belong to the volume, and the volume to the image's ordinary user.
RUN mkdir /data && chown "$APP_UID" /data
WORKDIR /data
VOLUME /data
USER $APP_UID
EXPOSE 8080
# The image has no curl; bash can speak to a port by itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]"]
ENTRYPOINT ["dotnet", "/app/payflow-admin.dll"]
CMD ["serve", "--urls", "http://0.0.0.0:8080"]
