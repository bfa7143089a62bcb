using System.Xml.Linq;
using CareTeamPortal.Platform.Access;
using CareTeamPortal.Platform.Audit;
using CareTeamPortal.Platform.Data;
using CareTeamPortal.Platform.Live;
using CareTeamPortal.Platform.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace CareTeamPortal.Platform.Hosting;

/// <summary>Registers the database, the desk and the live parts.</summary>
internal static class DataServices
{
    public static WebApplicationBuilder AddPortalData(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CareDatabase>(services => Databases.Open(services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddSingleton<RuleBook>().AddSingleton<CareDesk>();
        builder.Services.AddSingleton<PeopleDirectory>();
        builder.Services.AddSingleton<CursorCodec>();
        builder.Services.AddSingleton<Presence>();
        builder.Services.AddScoped<CircuitConnection>();
        builder.Services.AddScoped<Microsoft.AspNetCore.Components.Server.Circuits.CircuitHandler>(services => services.GetRequiredService<CircuitConnection>());
        builder.Services.AddSingleton<PatientHubRelay>();
        builder.Services.AddSingleton<BrokerState>().AddHostedService<CursorRelay>();
        if (BrokerAddress.From(builder.Configuration) is { } broker)
            builder.Services.AddSingleton(broker).AddSingleton<NodeTalk>().AddHostedService<BrokerWire>();
        builder.Services.AddSingleton(services => AuditFiles.For(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<CareDatabase>()));
        builder.Services.AddSingleton<AuditCheckpoints>().AddSingleton<VerifyAudit>().AddHostedService<AuditCheckpointService>();
        builder.Services.AddHostedService<UnsentFiles>();
        builder.Services.AddDataProtection().SetApplicationName("CareTeamPortal");
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(services =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = new DatabaseKeys(services.GetRequiredService<CareDatabase>())));
        return builder;
    }

    /// <summary>Data-protection keys in the database, so that all nodes and the next start read the same cookies.</summary>
    private sealed class DatabaseKeys(CareDatabase database) : IXmlRepository
    {
        private const string Prefix = "key:";

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            using var session = database.RentAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var keys = new List<XElement>();
            using var reader = session.Sql("SELECT \"Value\" FROM \"Settings\" WHERE \"Name\" LIKE 'key:%'").Read();
            while (reader.Read())
                keys.Add(XElement.Parse(reader.GetString(0)));
            return keys;
        }

        public void StoreElement(XElement element, string friendlyName) => database.WriteAsync((session, _) =>
        {
            session.Sql("INSERT INTO \"Settings\" (\"Name\", \"Value\") VALUES (@p0, @p1)").With(Prefix + friendlyName, element.ToString(SaveOptions.DisableFormatting)).Run();
            return ValueTask.FromResult(true);
        }, CancellationToken.None).GetAwaiter().GetResult();
    }
}
