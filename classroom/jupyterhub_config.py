# JupyterHub for a class: each account of this machine has a server of its own, which runs as that account.
import os
import sys

here = os.environ["PAGETABLE_CLASS"]
idle_seconds = int(os.environ.get("PAGETABLE_IDLE_SECONDS", "3600"))
check_seconds = max(5, idle_seconds // 4)
port = int(os.environ.get("PAGETABLE_PORT", "8000"))

c = get_config()  # noqa: F821

# Only this machine reaches it: put a web server with TLS before it, or ssh -L 8000:127.0.0.1:8000.
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_port = port + 1
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.command = [f"{here}/proxy/node_modules/.bin/configurable-http-proxy"]
c.JupyterHub.db_url = f"sqlite:///{here}/state/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{here}/state/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{here}/state/proxy.pid"

# Who may log in: accounts of these groups, with the passwords of the machine (PAM).
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.open_sessions = False
c.PAMAuthenticator.allowed_groups = {"pagetable", "pagetable-teachers"}
c.PAMAuthenticator.admin_groups = {"pagetable-teachers"}

c.Spawner.cmd = [f"{here}/student-server"]
c.Spawner.notebook_dir = "~/textbook"
c.Spawner.default_url = "/lab/tree/notebooks"
# When a whole class comes at once, everybody waits, and nobody is sent away.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = 600
c.Spawner.http_timeout = 600
c.Spawner.args = [
    '--KernelSpecManager.allowed_kernelspecs={"deno"}',
    "--KernelSpecManager.ensure_native_kernel=False",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    f"--MappingKernelManager.cull_idle_timeout={idle_seconds}",
    f"--MappingKernelManager.cull_interval={check_seconds}",
]
c.Spawner.environment = {"PATH": f"{here}/env/bin:/usr/local/bin:/usr/bin:/bin"}

# Servers that nobody uses end. Their files stay.
c.JupyterHub.last_activity_interval = min(300, check_seconds)
c.Spawner.environment["JUPYTERHUB_ACTIVITY_INTERVAL"] = str(c.JupyterHub.last_activity_interval)
c.JupyterHub.load_roles = [
    {
        "name": "ends-idle-servers",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={idle_seconds}",
            f"--cull-every={check_seconds}",
        ],
    }
]

# What a class sets otherwise, in a file that classroom/setup leaves alone. It may be missing.
load_subconfig("own_config.py", path=here)  # noqa: F821
