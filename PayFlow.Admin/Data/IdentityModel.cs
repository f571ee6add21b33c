using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace PayFlow.Admin.Data;

/// <summary>Where Identity's entities lie in the schema <c>console</c>.</summary>
internal static class IdentityModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<ConsoleAccount>(e =>
        {
            e.ToTable("users");
            e.Property(u => u.CreatedAt).HasDefaultValueSql("now()");
        });
        model.Entity<IdentityRole<Guid>>().ToTable("roles");
        model.Entity<IdentityUserRole<Guid>>().ToTable("user_roles");
        model.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        model.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        model.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        model.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
    }
}
