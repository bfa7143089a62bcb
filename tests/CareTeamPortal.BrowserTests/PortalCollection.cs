namespace CareTeamPortal.BrowserTests;

/// <summary>One portal with the demo patients and one browser, shared by the journeys that do not stop the server.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private PortalProcess? _portal;
    private Browsing? _browsing;

    internal PortalProcess Portal => _portal ?? throw new InvalidOperationException("The portal did not start.");

    /// <summary>The browser; skips the test on a machine without Chromium.</summary>
    internal async Task<Browsing> BrowsingAsync() => _browsing ??= await Browsing.StartAsync();

    /// <summary>A page of a person who has signed in.</summary>
    internal async Task<BrowserPerson> SignInAsync(string displayName, string path = "/", BrowserNewContextOptions? options = null) =>
        await (await BrowsingAsync()).SignInAsync(Portal.Url, displayName, path, options);

    /// <inheritdoc/>
    public async Task InitializeAsync() => _portal = await PortalProcess.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browsing is not null)
            await _browsing.DisposeAsync();
        if (_portal is not null)
            await _portal.DisposeAsync();
    }
}

/// <summary>Names the collection of the tests that share <see cref="PortalFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class PortalCollection : ICollectionFixture<PortalFixture>
{
    public const string Name = "portal";
}
