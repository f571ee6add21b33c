Console.WriteLine("PayFlow Sync");
