package dev.corvid.e2e.scenario;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Makes the cluster once, a namespace for each class, and says what is known after a failure. */
final class ScenarioExtension
    implements ParameterResolver,
        BeforeAllCallback,
        AfterAllCallback,
        TestExecutionExceptionHandler {
  private static final Namespace STORE = Namespace.create(ScenarioExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Tenant.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return tenant(context);
  }

  private static Tenant tenant(ExtensionContext context) {
    var lab = context.getRoot().getStore(STORE).computeIfAbsent(Lab.class, _ -> new Lab());
    var name =
        context
            .getRequiredTestClass()
            .getSimpleName()
            .replace("Scenario", "")
            .toLowerCase(Locale.ROOT);
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent(name, _ -> Tenant.in((Lab) lab, name), Tenant.class);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    var tenant = tenant(context);
    var text = tenant.lab().explain(List.of(tenant.namespace(), Lab.SYSTEM));
    write(context, text);
    throw failure;
  }

  private static void write(ExtensionContext context, String text) throws IOException {
    var folder = Files.createDirectories(Checkout.root().resolve("e2e/target/failures"));
    var name =
        context.getRequiredTestClass().getSimpleName()
            + "."
            + context.getRequiredTestMethod().getName();
    var file = folder.resolve(name + ".txt");
    Files.writeString(file, text);
    System.err.println(text.lines().limit(400).reduce("", (all, line) -> all + line + "\n"));
    System.err.println("(all of it: " + file.toAbsolutePath() + ")");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (megabits(context) > 0) {
      tenant(context).lab().cluster().rate(megabits(context));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (megabits(context) > 0) {
      tenant(context).lab().cluster().rate(0);
    }
    tenant(context).leave();
  }

  private static int megabits(ExtensionContext context) {
    return context.getRequiredTestClass().getAnnotation(Scenario.class).megabits();
  }
}
